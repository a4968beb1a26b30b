import { BACKSLASH_LETTERS, isDigit, isHexDigit, isNameCharacter, MAX_NAME_LENGTH } from './escape-characters.ts';
import { namedCharacter } from './named-characters.ts';
import { simpleSpelling, type Spelling } from './simple-spelling.ts';
import type { TextRange } from './text-range.ts';

/** Readings of escapes, by their start in a text. */
export type Spellings = ReadonlyMap<number, readonly Spelling[]>;

/** No encoder produces more readings of one place than this. */
const MAX_READINGS = 8;
const MAX_DIGITS = 8;
const INTRODUCER = /[%&\\]/g;

/** The index of the next character that may begin an escape; -1 if none follows. */
export function nextIntroducer(text: string, from: number): number {
  INTRODUCER.lastIndex = from;
  return INTRODUCER.exec(text)?.index ?? -1;
}

/**
 * Every possible reading of the escapes that begin between `from` and `to`: `%41` of URLs (as UTF-8 or Latin-1),
 * `&#65;`, `&#x41;` and `&quot;` of HTML, `\u0041`, `\x41` and `\/` of programs, and escapes that are themselves
 * escaped, wholly or in part (`%2541`, `&amp;#65;`, `%%341`). Any of those characters may also stand for itself.
 * Readings are left out if their character is neither `wanted` nor part of escapes. Takes linear time.
 */
export function spellingsIn(text: string, { from, to }: TextRange, wanted: ReadonlySet<string>): Spellings {
  const begins: number[] = [];
  for (let at = nextIntroducer(text, from); at !== -1 && at < to; at = nextIntroducer(text, at + 1)) begins.push(at);
  const spellings = new Map<number, readonly Spelling[]>();
  // Backwards, because the parts of an escape may be escaped themselves and come after its beginning.
  for (const at of begins.toReversed()) {
    const simple = simpleSpelling(text, at);
    if (simple === undefined) spellings.set(at, spellingsAt({ text, spellings }, at));
    else if (simple !== 'none' && isUseful(simple.stands, wanted)) spellings.set(at, [simple]);
  }
  return spellings;
}

function isUseful(stands: string, wanted: ReadonlySet<string>): boolean {
  return wanted.has(stands.charAt(0)) || /[\da-z#;{}]/i.test(stands);
}

interface Source {
  readonly text: string;
  readonly spellings: Spellings;
}

function spellingsAt(source: Source, at: number): readonly Spelling[] {
  const found = [...escapesBehind(source, source.text.charAt(at), at + 1)];
  // An escaped `%`, `&` or `\` may in turn begin an escape.
  for (const { stands, end } of found) {
    if (found.length >= MAX_READINGS) break;
    for (const spelling of escapesBehind(source, stands, end)) {
      const isNew = !found.some((other) => other.end === spelling.end && other.stands === spelling.stands);
      if (isNew && found.length < MAX_READINGS) found.push(spelling);
    }
  }
  return found;
}

const NONE: readonly Spelling[] = [];

function escapesBehind(source: Source, introducer: string, at: number): readonly Spelling[] {
  if (introducer === '%') return percentEscapes(source, at);
  if (introducer === '&') return entities(source, at);
  return introducer === '\\' ? backslashEscapes(source, at) : NONE;
}

/** The ends of `char` at this place, literal or escaped. */
function endsOf(char: string, { text, spellings }: Source, at: number): readonly number[] {
  const raw = text.charAt(at) === char ? [at + 1] : [];
  const spelled = spellings.get(at);
  if (spelled === undefined) return raw;
  return [...raw, ...spelled.filter(({ stands }) => stands === char).map(({ end }) => end)];
}

interface Run {
  readonly read: string;
  readonly end: number;
}

/** The matching characters, at most `most` of them, literal or escaped. */
function runsOf(fits: (code: number) => boolean, source: Source, begun: Run, most: number): readonly Run[] {
  const { text, spellings } = source;
  let end = begun.end;
  const rawEnd = end + most - begun.read.length;
  while (end < rawEnd && fits(text.charCodeAt(end))) end += 1;
  const run = { read: begun.read + text.slice(begun.end, end), end };
  const further = run.read.length < most ? spellings.get(end) : undefined;
  const longer = (further ?? [])
    .filter(({ stands }) => stands.length === 1 && fits(stands.charCodeAt(0)))
    .flatMap((next) => runsOf(fits, source, { read: run.read + next.stands, end: next.end }, most));
  return longer.length > 0 ? longer.slice(0, MAX_READINGS) : [run];
}

/** Numbers of exactly `digits` hexadecimal digits. */
function hexNumbers(source: Source, at: number, digits: number): readonly Run[] {
  return runsOf(isHexDigit, source, { read: '', end: at }, digits).filter(({ read }) => read.length === digits);
}

function percentEscapes(source: Source, at: number): readonly Spelling[] {
  return hexNumbers(source, at, 2).flatMap((first) => {
    const byte = Number.parseInt(first.read, 16);
    const single = { stands: String.fromCharCode(byte), end: first.end };
    return byte < 0x80 ? single : [single, ...sequencesOf(source, first)];
  });
}

/** A UTF-8 sequence of as many bytes as the first one requires. */
function sequencesOf(source: Source, first: Run): readonly Spelling[] {
  const lead = Number.parseInt(first.read, 16);
  const further = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc2 ? 1 : 0;
  let runs: readonly Run[] = further === 0 ? [] : [first];
  for (let count = 0; count < further; count += 1) {
    runs = runs.flatMap(({ read, end }) =>
      endsOf('%', source, end)
        .flatMap((at) => hexNumbers(source, at, 2))
        .map((byte) => ({ read: read + byte.read, end: byte.end })),
    );
  }
  return runs
    .map(({ read, end }) => ({ stands: Buffer.from(read, 'hex').toString(), end }))
    .filter(({ stands }) => !stands.includes('\ufffd'));
}

function entities(source: Source, at: number): readonly Spelling[] {
  const named = runsOf(isNameCharacter, source, { read: '', end: at }, MAX_NAME_LENGTH).flatMap(({ read, end }) => {
    const stands = namedCharacter(read);
    return stands === undefined ? [] : endsOf(';', source, end).map((closed) => ({ stands, end: closed }));
  });
  return [...named, ...endsOf('#', source, at).flatMap((begin) => numberedEntities(source, begin))];
}

function numberedEntities(source: Source, at: number): readonly Spelling[] {
  const decimal = runsOf(isDigit, source, { read: '', end: at }, MAX_DIGITS);
  const hex = ['x', 'X']
    .flatMap((letter) => endsOf(letter, source, at))
    .flatMap((begin) => runsOf(isHexDigit, source, { read: '0x', end: begin }, MAX_DIGITS + 2));
  return [...decimal, ...hex].flatMap(({ read, end }) => {
    const stands = read === '' || read === '0x' ? undefined : characterOf(Number(read));
    if (stands === undefined) return [];
    // Browsers accept it without the semicolon.
    const closed = endsOf(';', source, end);
    return (closed.length > 0 ? closed : [end]).map((last) => ({ stands, end: last }));
  });
}

function backslashEscapes(source: Source, at: number): readonly Spelling[] {
  const { text, spellings } = source;
  const raw = { stands: text.charAt(at), end: at + 1 };
  // An escaped backslash is read as one literal backslash.
  const spelled = (spellings.get(at) ?? NONE).filter(({ stands }) => stands !== '\\' || raw.stands !== stands);
  return [raw, ...spelled].flatMap(({ stands, end }) => {
    if (stands === 'u') return [...codesOf(hexNumbers(source, end, 4)), ...codesOf(bracedNumbers(source, end))];
    if (stands === 'x') return codesOf(hexNumbers(source, end, 2));
    if (stands === 'U') return codesOf(hexNumbers(source, end, 8));
    const short = BACKSLASH_LETTERS[stands];
    if (short !== undefined) return { stands: short, end };
    return stands === '' || isNameCharacter(stands.charCodeAt(0)) ? [] : { stands, end };
  });
}

function bracedNumbers(source: Source, at: number): readonly Run[] {
  return endsOf('{', source, at)
    .flatMap((begin) => runsOf(isHexDigit, source, { read: '', end: begin }, MAX_DIGITS))
    .flatMap(({ read, end }) => endsOf('}', source, end).map((closed) => ({ read, end: closed })));
}

function codesOf(numbers: readonly Run[]): readonly Spelling[] {
  return numbers.flatMap(({ read, end }) => {
    const stands = read === '' ? undefined : characterOf(Number.parseInt(read, 16));
    return stands === undefined ? [] : { stands, end };
  });
}

/**
 * The character of a number; undefined if Unicode has none. Lone surrogates count, because escapes name them
 * separately.
 */
function characterOf(code: number): string | undefined {
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : undefined;
}
