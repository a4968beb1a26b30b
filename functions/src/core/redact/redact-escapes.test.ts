import { describe, expect, test } from 'vitest';
import { seededRandom } from '#testing/simulation/seeded-random.ts';
import { redactor } from './redact.ts';

const SECRET = 'CANARYtok+en/with=chars&"x"%\\<ü> é€😀;';
const redact = redactor(() => [SECRET]);

type Encode = (char: string) => string;

const units = (char: string): string[] => Array.from({ length: char.length }, (_, at) => char.charAt(at));
const hexCode = (char: string, digits: number): string => char.charCodeAt(0).toString(16).padStart(digits, '0');
const bytes = (char: string): string[] => Buffer.from(char).toString('hex').match(/../g) ?? [];
const codePoint = (char: string): number => char.codePointAt(0) ?? 0;

/** Every way to write one character, also one outside of the first plane. */
const ENCODINGS: Readonly<Record<string, Encode>> = {
  percent: (char) =>
    bytes(char)
      .map((byte) => `%${byte}`)
      .join(''),
  'percent in capitals': (char) =>
    bytes(char)
      .map((byte) => `%${byte.toUpperCase()}`)
      .join(''),
  decimal: (char) => `&#${codePoint(char)};`,
  'decimal with zeros': (char) => `&#0${codePoint(char)};`,
  'hexadecimal entity': (char) => `&#x${codePoint(char).toString(16)};`,
  'hexadecimal entity in capitals': (char) => `&#X${codePoint(char).toString(16).toUpperCase()};`,
  'u escape': (char) =>
    units(char)
      .map((unit) => `\\u${hexCode(unit, 4)}`)
      .join(''),
  'u escape in capitals': (char) =>
    units(char)
      .map((unit) => `\\u${hexCode(unit, 4).toUpperCase()}`)
      .join(''),
  'braced u escape': (char) => `\\u{${codePoint(char).toString(16)}}`,
  'x escape': (char) => (codePoint(char) < 0x100 ? `\\x${hexCode(char, 2)}` : `\\u{${codePoint(char).toString(16)}}`),
};
const encodings = Object.values(ENCODINGS);

const NAMES: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
  ü: 'uuml',
};
const htmlOf = (text: string): string =>
  Array.from(text)
    .map((char) => (NAMES[char] === undefined ? char : `&${NAMES[char]};`))
    .join('');
const all = (text: string, encode: Encode): string =>
  Array.from(text)
    .map((char) => encode(char))
    .join('');
const json = (text: string): string => JSON.stringify(text).slice(1, -1);

const shown = (form: string): string => redact.text(`before ${form} after`);

describe('a secret', () => {
  test.each(Object.entries(ENCODINGS))('with every character as %s is taken out', (_, encode) => {
    expect(shown(all(SECRET, encode))).toBe('before [redacted] after');
  });

  test.each(Object.entries(ENCODINGS))('with one character as %s is taken out, whichever it is', (_, encode) => {
    const chars = Array.from(SECRET);
    for (const at of chars.keys()) {
      const form = chars.map((char, index) => (index === at ? encode(char) : char)).join('');
      expect(shown(form)).toBe('before [redacted] after');
    }
  });

  test.each([
    ['as HTML', htmlOf(SECRET)],
    ['as HTML inside of HTML', htmlOf(htmlOf(SECRET))],
    ['as HTML inside of JSON', json(htmlOf(SECRET))],
    ['as JSON inside of HTML', htmlOf(json(SECRET))],
    ['as JSON that escapes slashes', json(SECRET).replaceAll('/', '\\/')],
    ['as JSON three times over', json(json(json(SECRET)))],
    ['URL-encoded twice', encodeURIComponent(encodeURIComponent(SECRET))],
    ['URL-encoded three times', encodeURIComponent(encodeURIComponent(encodeURIComponent(SECRET)))],
    ['URL-encoded by bytes, twice, small', all(all(SECRET, encodings[0] ?? String), encodings[0] ?? String)],
    ['URL-encoded, as HTML by numbers', all(encodeURIComponent(SECRET), ENCODINGS['decimal'] ?? String)],
    ['as HTML, URL-encoded', encodeURIComponent(htmlOf(SECRET))],
    ['in base64, URL-encoded', encodeURIComponent(Buffer.from(SECRET).toString('base64'))],
    ['in base64, by u escapes', all(Buffer.from(SECRET).toString('base64'), ENCODINGS['u escape'] ?? String)],
    ['in hexadecimal capitals', Buffer.from(SECRET).toString('hex').toUpperCase()],
    ['in hexadecimal with colons', bytes(SECRET).join(':')],
    ['in hexadecimal with blanks', bytes(SECRET).join(' ').toUpperCase()],
  ])('%s is taken out', (_, form) => {
    expect(shown(form)).toBe('before [redacted] after');
  });

  test('of several lines is taken out of a JSON text', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBg\n-----END KEY-----\n';
    expect(redactor(() => [key.trim()]).text(JSON.stringify({ key }))).toBe('{"key":"[redacted]\\n"}');
  });

  test('is taken out behind a character that might begin an escape', () => {
    for (const before of ['\\', '%', '&', '&#', '100%', 'C:\\', '\\\\', '&amp;', '%25']) {
      expect(redact.text(before + all(SECRET, ENCODINGS['percent'] ?? String))).not.toMatch(/CANARY|%6[^]*%6/i);
    }
  });

  test('in any mixture of encodings, twice over, is taken out of any text', () => {
    const random = seededRandom(20_261_121);
    const below = (most: number): number => Math.floor(random() * most);
    const printable = (length: number): string =>
      Array.from({ length }, () => String.fromCharCode(0x21 + below(94))).join('');
    const mixed = (text: string): string =>
      Array.from(text)
        .map((char) => (random() < 0.4 ? char : (encodings[below(encodings.length)] ?? String)(char)))
        .join('');
    for (let round = 0; round < 600; round += 1) {
      const secrets = Array.from({ length: 1 + below(4) }, () => printable(8 + below(40)));
      const secret = secrets[below(secrets.length)] ?? '';
      const [left, right] = [printable(below(20)), printable(below(20))];
      const form = round % 2 === 0 ? mixed(secret) : mixed(mixed(secret));
      const result = redactor(() => secrets).text(`${left} ${form} ${right}`);

      expect(result, `${JSON.stringify(secret)} as ${form}`).toContain('[redacted]');
      expect(
        result.startsWith(`${left} `) && result.endsWith(` ${right}`),
        `${left} ${form} ${right} → ${result}`,
      ).toBe(true);
      expect(result.length).toBeLessThanOrEqual(left.length + right.length + 2 + '[redacted]'.length);
    }
  });
});

describe('a text without a secret', () => {
  test('stays as it is, whatever escapes it is made of', () => {
    const random = seededRandom(7);
    const parts = [
      '%41',
      '%25',
      '&amp;',
      '&#65;',
      '\\u0041',
      '\\',
      '%',
      '&',
      ';',
      'CANARY',
      'tok+en',
      '/with',
      ' ',
      '\n',
    ];
    for (let round = 0; round < 500; round += 1) {
      const text = Array.from({ length: 60 }, () => parts[Math.floor(random() * parts.length)] ?? '').join('');
      expect(redact.text(text)).toBe(text);
    }
  });

  test('stays, although all of the secret but its last character is in it', () => {
    const almost = SECRET.slice(0, -1);
    for (const form of [almost, all(almost, encodings[0] ?? String), htmlOf(almost), json(almost)]) {
      expect(redact.text(`${form}.`)).toBe(`${form}.`);
    }
  });

  test.each(['%', '%25', '&', '&#0', '&amp;', '\\', '\\u005c', '%5c\\', '%&\\'])(
    'of nothing but %s is read in linear time',
    (part) => {
      const text = part.repeat(Math.ceil(30_000 / part.length));
      const began = performance.now();
      expect(redact.text(text)).toBe(text);
      expect(performance.now() - began).toBeLessThan(5000);
    },
  );
});
