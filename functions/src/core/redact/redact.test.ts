import { describe, expect, test } from 'vitest';
import { redactor } from './redact.ts';

const SECRET = 'canary/91bd "ü" +x\\y';
const HOOK = 'https://hooks.example.com/services/T0/B0/canary77';
const redact = redactor(() => [SECRET, HOOK, 'short']);

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const json = (text: string): string => JSON.stringify(text).slice(1, -1);

describe('a secret', () => {
  test.each([
    ['as it is', SECRET],
    ['in base64', base64(SECRET)],
    ['in base64 without padding', base64(SECRET).replace(/=+$/, '')],
    ['in base64 for addresses', Buffer.from(SECRET).toString('base64url')],
    ['in hexadecimal', Buffer.from(SECRET).toString('hex')],
    ['encoded for an address', encodeURIComponent(SECRET)],
    ['encoded in small letters', encodeURIComponent(SECRET).replace(/%../g, (code) => code.toLowerCase())],
    ['encoded as a form', encodeURIComponent(SECRET).replaceAll('%20', '+')],
    ['in JSON', json(SECRET)],
    ['in JSON inside of JSON', json(json(SECRET))],
    ['that is an address, by its path', '/services/T0/B0/canary77'],
  ])('%s is taken out of a text', (_, form) => {
    expect(redact.text(`before ${form} after`)).toMatch(/^before \[redacted\]\S* after$/);
  });

  test.each(['u', 'us', 'use', 'user', 'a-longer-user'])(
    'behind the name %s in Basic credentials is taken out',
    (user) => {
      const pair = base64(`${user}:${SECRET}`);
      const shown = redact.text(`Basic ${pair}`).replace('Basic ', '');
      const rest = shown.split('[redacted]');

      expect(rest).toHaveLength(2);
      // What is left at either side holds less than one byte of it.
      expect(Buffer.from(rest[0] ?? '', 'base64').toString()).toBe(
        `${user}:`.slice(0, Buffer.from(rest[0] ?? '', 'base64').length),
      );
      expect(rest[1]?.replace(/=+$/, '').length).toBeLessThan(2);
    },
  );

  test('that is shorter than six characters stays, because it would be found everywhere', () => {
    expect(redact.text('in short')).toBe('in short');
  });

  test('is taken out of names and of everything inside of a value', () => {
    expect(redact.values({ [`a ${SECRET}`]: [{ b: SECRET }] })).toEqual({ 'a [redacted]': [{ b: '[redacted]' }] });
  });

  test('that follows another at once leaves one mark with it', () => {
    expect(redact.text(`${SECRET}${HOOK}${SECRET}`)).toBe('[redacted]');
  });

  test('that becomes known later is taken out from then on', () => {
    const known: string[] = [];
    const later = redactor(() => known);
    expect(later.text('canary-1')).toBe('canary-1');
    known.push('canary-1');
    expect(later.text('canary-1')).toBe('[redacted]');
  });
});

describe('a secret that was rotated', () => {
  test('is taken out by its new value, although there are as many secrets as before', () => {
    let known = ['canary-old-value', 'another-secret'];
    const later = redactor(() => known);
    expect(later.text('canary-new-value')).toBe('canary-new-value');
    known = ['canary-new-value', 'another-secret'];
    expect(later.text('canary-new-value')).toBe('[redacted]');
  });
});

describe('a value', () => {
  test('keeps all of its fields, also where two of their names were secrets', () => {
    expect(redact.json({ [SECRET]: 1, [base64(SECRET)]: 2 })).toEqual({ '[redacted]': 1, '[redacted] (2)': 2 });
  });

  test('holds no secret in the names of what is inside of a field that is secret by its name', () => {
    expect(redact.json({ token: { [SECRET]: 'a' } })).toEqual({ token: { '[redacted]': '[redacted]' } });
  });

  test('holds no secret as a number', () => {
    const numeric = redactor(() => ['4711081542']);
    expect(numeric.json({ pin: 4_711_081_542, other: 4_711_081_543 })).toEqual({
      pin: '[redacted]',
      other: 4_711_081_543,
    });
  });
});

describe('a field whose name says that it is secret', () => {
  test.each([
    'authorization',
    'Set-Cookie',
    'apiKey',
    'x-goog-api-key',
    'X-Auth-Token',
    'x_hub_secret',
    'client_secret',
  ])('%s hides its text, also in a list or a map', (name) => {
    expect(redact.json({ [name]: 'a' })).toEqual({ [name]: '[redacted]' });
    expect(redact.json({ [name]: ['a', { b: 'c', n: 1 }] })).toEqual({
      [name]: ['[redacted]', { b: '[redacted]', n: 1 }],
    });
  });

  test.each(['tokens', 'nextPageToken', 'secretary', 'x-request-id', 'key'])('%s is not one', (name) => {
    expect(redact.json({ [name]: 'a' })).toEqual({ [name]: 'a' });
  });
});
