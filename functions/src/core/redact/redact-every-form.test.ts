import { describe, expect, test } from 'vitest';
import { isSecretName, redactor } from './redact.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const hex = (text: string): string => Buffer.from(text).toString('hex');

describe('a secret of', () => {
  test.each([
    [5, 'k3y-1', false],
    [6, 'k3y-12', true],
    [7, 'k3y-123', true],
    [8, 'k3y-1234', true],
    [9, 'k3y-12345', true],
  ])('%i characters is taken out in every form, once it is long enough: %s, %s', (_, secret, isFound) => {
    const redact = redactor(() => [secret]);
    for (const form of [
      secret,
      base64(secret),
      base64(secret).replace(/=+$/, ''),
      hex(secret),
      hex(secret).toUpperCase(),
    ]) {
      expect(redact.text(form)).toBe(isFound ? '[redacted]' : form);
      expect(redact.text(`a ${form} b`)).toBe(isFound ? 'a [redacted] b' : `a ${form} b`);
    }
  });

  test.each([
    [5, '12345', false],
    [6, '123456', true],
    [7, '1234567', true],
  ])('%i digits is taken out as a number, once it is long enough', (_, secret, isFound) => {
    expect(redactor(() => [secret]).json(Number(secret))).toBe(isFound ? '[redacted]' : Number(secret));
  });
});

describe('of two secrets', () => {
  const inner = 'inner-secret';
  const outer = `outer/${inner}/outer`;

  test.each([
    ['the longer known first', [outer, inner]],
    ['the shorter known first', [inner, outer]],
  ])('one of which is inside of the other, nothing is left: %s', (_, known) => {
    const redact = redactor(() => known);

    expect(redact.text(`a ${outer} b`)).toBe('a [redacted] b');
    expect(redact.text(`a ${inner} b`)).toBe('a [redacted] b');
    expect(redact.text(`${inner} ${outer}`)).toBe('[redacted] [redacted]');
    expect(redact.text(base64(outer))).toBe('[redacted]');
  });

  test.each([
    ['that overlap in a text', ['abcdef-123456', '123456-uvwxyz'], 'abcdef-123456-uvwxyz'],
    ['that follow each other', ['abcdef-123456', 'uvwxyz-123456'], 'abcdef-123456uvwxyz-123456'],
    ['of which one begins like the other', ['abcdef-1', 'abcdef-123'], 'abcdef-123'],
    ['of which one ends like the other', ['34-abcdef', '1234-abcdef'], '1234-abcdef'],
  ])('%s nothing is left', (_, known, text) => {
    for (const order of [known, known.toReversed()]) {
      expect(redactor(() => order).text(`a ${text} b`)).toBe('a [redacted] b');
    }
  });
});

describe('the name of a field', () => {
  const joined = (...words: string[]) => [words.join(''), words.join('-'), words.join('_')];
  const secretNames = [
    'authorization',
    'proxy-authorization',
    'cookie',
    'set-cookie',
    'password',
    'passwd',
    'secret',
    'token',
    ...joined('api', 'key'),
    ...joined('client', 'secret'),
    ...joined('private', 'key'),
    ...['access', 'refresh', 'id', 'auth', 'bearer'].flatMap((kind) => joined(kind, 'token')),
    'accessToken',
    'idToken',
    'x-api-key',
    'x-apikey',
    'x_token',
    'x-secret',
    'x-goog-api-key',
    'x-my-own-token',
    'X-Hub-Secret',
  ];

  test.each(secretNames)('%s says that it is secret, in small letters and in capitals', (name) => {
    expect([name, name.toLowerCase(), name.toUpperCase()].map(isSecretName)).toEqual([true, true, true]);
  });

  test.each([
    'key',
    'id',
    'tokens',
    'tokenId',
    'idTokens',
    'my-id-token',
    'nextPageToken',
    'secretary',
    'passwords',
    'cookies',
    'authorizations',
    'api',
    'x-request-id',
    'xtoken',
    'keyboard',
    'monkey',
    'publicKey',
  ])('%s does not', (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});
