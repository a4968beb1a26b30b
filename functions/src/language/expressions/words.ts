import { cut } from '#core/cut.ts';
/** The library's messages and our replacements, which receive the groups of the pattern. */
const WORDINGS: readonly (readonly [RegExp, (...groups: readonly string[]) => string])[] = [
  [/^field not found: length$/, () => "no field 'length' exists; write size(…) for the length of a list or a text"],
  [/^unresolved attribute$/, () => 'it contains an unknown name'],
  [/^index (\S+) out of bounds \[0, -1\)$/s, (index) => placeProblem(index)],
  [
    /^index (\S+) out of bounds \[0, (\d+)\)$/s,
    (index, length) => `position ${index} is outside a text of ${length} characters; positions count from 0`,
  ],
  [/^unsupported key type$/, () => 'a key must be a text, a whole number, true or false'],
  [/^unsupported input undefined$/i, () => placeProblem('of this kind')],
  [/^map key conflict: (.*)$/s, (key) => `an object contains the key '${key}' twice`],
  [
    /^found no matching overload for _\?_:_ applied to '\((.*)\)'$/s,
    (type) => `a condition (before ?, or in filter or exists_one) is ${inWords(type)}; it must be true or false`,
  ],
  [
    /^found no matching overload for '(.*)' applied to '(?:(.*)\.)?\((.*)\)'$/s,
    (name, target, types) => {
      const given = [target, ...types.split(', ')].filter((type) => type !== '').map(inWords);
      return `${wordOf(name)} does not work on ${listed(given)}`;
    },
  ],
  [
    /^type mismatch: expected bool, got (.*)$/s,
    (type) => `&&, ||, ! and the conditions of all and exists need true or false, and this is ${inWords(type)}`,
  ],
  [
    /^type mismatch: iterable vs (.*)$/s,
    (type) => `only a list or an object can be iterated over, and this is ${inWords(type)}`,
  ],
  [/divide by zero|modulus by zero/, () => 'division by zero'],
  [/^u?int overflow during type conversion$/, () => 'the number does not fit into a whole number'],
  [/^u?int overflow during (.*)$/s, (name) => `the result of ${wordOf(name)} does not fit into a whole number`],
  [/^Cannot convert (.*) to a BigInt$/s, (text) => `'${cut(text, 40)}' is not a whole number`],
  [/^Unable to convert string '(.*)' to bool$/s, (text) => `'${cut(text, 40)}' is neither 'true' nor 'false'`],
  [/^Failed to decode bytes as string/, () => 'the bytes are not text in UTF-8'],
  [/^Failed to parse timestamp/, () => "this is not a valid point in time; write it like '2026-11-20T14:00:00Z'"],
  [/^timestamp out of range/, () => 'the point in time is not between the years 1 and 9999'],
  [
    /^Failed to parse duration/,
    () => "this is not a valid duration; write it like '90s', '15m' or '1h30m' (a day is '24h')",
  ],
  [/^duration out of range/, () => 'the duration is too long'],
  [
    /^Invalid time zone specified: (.*)$/s,
    (zone) => `unknown time zone '${cut(zone, 40)}'; write one like 'America/New_York'`,
  ],
  [
    /^error parsing regexp: (.*)$/s,
    (problem) =>
      `the pattern cannot be read: ${problem.replace('invalid or unsupported Perl syntax', 'RE2 does not support')}`,
  ],
  [/^invalid argument to function substring: start > end$/, () => 'the end of a substring is before its beginning'],
  [/^invalid argument to function format: (.*)$/s, (problem) => formatProblem(problem)],
  [/call stack/i, () => 'it nests too deeply'],
];

/**
 * A message of the expression library in our words; messages of our own functions are unchanged. `source` is the
 * expression: it shows whether a name was split in two.
 */
export function inOurWords(message: string, source: string): string {
  for (const [pattern, wording] of WORDINGS) {
    const found = pattern.exec(message);
    if (found !== null) return wording(...found.slice(1).map((group: string | undefined) => group ?? ''));
  }
  const field = /^field not found: (.*)$/s.exec(message)?.[1];
  if (field === undefined) return message;
  const whole = nameWithHyphens(source, field);
  if (whole !== undefined) return `no field '${field}' exists; for a field '${whole}', write ['${whole}']`;
  return `no field '${field}' exists; write has(…) to check for it`;
}

/** What to write for a field that cannot follow a dot, if one is at this place of the source. */
export function fieldHint(source: string, offset: number): string | undefined {
  const fields = source.matchAll(
    /(?<=[\w)\]])\.\s*(?:(in|null|true|false)\b|`([^`\n]*)`|(?<=[A-Za-z_)\]]\w*\.\s*)(\d+)\b)/g,
  );
  for (const { index, 0: written, 1: word, 2: quoted, 3: number } of fields) {
    if (offset < index || offset > index + written.length) continue;
    return number === undefined
      ? `write ['${word ?? quoted}'] for a field of this name`
      : `write [${number}] for the item of a list`;
  }
  return undefined;
}

function nameWithHyphens(source: string, field: string): string | undefined {
  const names = source.matchAll(/\.\s*([A-Za-z_]\w*(?:-[A-Za-z_]\w*)+)/g);
  return [...names].map(([, name]) => name ?? '').find((name) => name.startsWith(`${field}-`));
}

function placeProblem(index: string): string {
  return `no index ${index} exists here; list indexes are whole numbers from 0, and a text has none: write .charAt(…)`;
}

const TYPES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  uint: 'a whole number without a sign',
  double: 'a number',
  string: 'a text',
  bool: 'true or false',
  bytes: 'bytes',
  list: 'a list',
  map: 'an object',
  null_type: 'null',
  type: 'a type',
  'google.protobuf.Timestamp': 'a point in time',
  'google.protobuf.Duration': 'a duration',
};

function inWords(type: string): string {
  return TYPES[type.replace(/\(.*$/s, '')] ?? type;
}

function listed(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? 'nothing';
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function wordOf(name: string): string {
  if (name === '@in') return 'in';
  return name === '_[_]'
    ? '[ ]'
    : name
        .replaceAll('_', ' ')
        .trim()
        .replace(/^(\w+) (\w+)$/, '$1_$2');
}

function formatProblem(problem: string): string {
  if (problem.startsWith('too few arguments')) return 'format has fewer values than its text has placeholders';
  if (problem.startsWith('too many arguments')) return 'format has more values than its text has placeholders';
  const clause = /unrecognized formatting clause: (.*)$/s.exec(problem)?.[1];
  if (clause !== undefined) return `format does not support %${clause}; it supports %s, %d, %f, %e, %b, %x, %X and %o`;
  if (problem === 'invalid format string')
    return 'a % in the text of format is not followed by a letter; write %% for the character';
  if (/floating|fixed-point|scientific/.test(problem)) return '%f and %e of format take numbers only';
  if (/binary/.test(problem)) return '%b of format takes whole numbers, true and false only';
  if (/hex/.test(problem)) return '%x of format takes whole numbers and texts only';
  return problem === 'invalid integer value'
    ? '%d and %o of format take whole numbers only'
    : 'format cannot write this value';
}
