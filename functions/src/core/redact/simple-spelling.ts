import {
  BACKSLASH,
  BACKSLASH_LETTERS,
  HASH,
  hexValue,
  isHexDigit,
  isIntroducer,
  isNameCharacter,
  MAX_NAME_LENGTH,
  PERCENT,
  SEMICOLON,
} from './escape-characters.ts';
import { namedCharacter } from './named-characters.ts';

/** An escaped character: what it stands for (one code unit, or a pair), and where the escape ends. */
export interface Spelling {
  readonly stands: string;
  readonly end: number;
}

/**
 * The single reading of a place (nearly all have at most one); undefined if it may have others, or may begin another
 * escape.
 */
export function simpleSpelling(text: string, at: number): Spelling | 'none' | undefined {
  const introducer = text.charCodeAt(at);
  const first = text.charCodeAt(at + 1);
  if (Number.isNaN(first)) return 'none';
  if (introducer === BACKSLASH) return simpleBackslash(text, at + 1);
  if (isIntroducer(first)) return undefined;
  const found = introducer === PERCENT ? simplePercent(text, at + 1) : simpleEntity(text, at + 1);
  const mayGoOn = found !== undefined && found !== 'none' && mayBegin(found.stands, text.charCodeAt(found.end));
  return mayGoOn ? undefined : found;
}

/** In a longer run of backslashes than any encoder makes of one, only the last can belong to an escape. */
const MAX_BACKSLASHES = 16;

function simpleBackslash(text: string, at: number): Spelling | 'none' | undefined {
  const char = text.charAt(at);
  if (char === '\\') {
    for (let index = at + 1; index < at + MAX_BACKSLASHES; index += 1)
      if (text.charAt(index) !== char) return undefined;
    return { stands: char, end: at + 1 };
  }
  if (char === 'u' || char === 'x' || char === 'U' || char === '%' || char === '&') return undefined;
  const stands = BACKSLASH_LETTERS[char];
  if (stands !== undefined) return { stands, end: at + 1 };
  return isNameCharacter(char.charCodeAt(0)) ? 'none' : { stands: char, end: at + 1 };
}

function simplePercent(text: string, at: number): Spelling | 'none' | undefined {
  const second = text.charCodeAt(at + 1);
  if (!isHexDigit(text.charCodeAt(at))) return 'none';
  if (!isHexDigit(second)) return isIntroducer(second) ? undefined : 'none';
  const byte = (hexValue(text.charCodeAt(at)) << 4) | hexValue(second);
  return byte >= 0x80 ? undefined : { stands: String.fromCharCode(byte), end: at + 2 };
}

function simpleEntity(text: string, at: number): Spelling | 'none' | undefined {
  const isNumbered = text.charCodeAt(at) === HASH;
  const begin = isNumbered ? at + 1 : at;
  let end = begin;
  while (isNameCharacter(text.charCodeAt(end)) && end - begin <= MAX_NAME_LENGTH) end += 1;
  const last = text.charCodeAt(end);
  if (isIntroducer(last) || (isNumbered && last !== SEMICOLON)) return undefined;
  const name = text.slice(begin, end);
  const code = isNumbered && /^\d{1,5}$/.test(name) ? Number(name) : undefined;
  if (isNumbered && code === undefined) return undefined;
  const stands = code === undefined ? namedCharacter(name) : String.fromCodePoint(code);
  return stands === undefined || last !== SEMICOLON ? 'none' : { stands, end: end + 1 };
}

/** Whether an escape may begin with this introducer before this character. */
function mayBegin(introducer: string, next: number): boolean {
  if (introducer === '\\') return true;
  if (introducer === '%') return isHexDigit(next) || isIntroducer(next);
  return introducer === '&' && (next === HASH || isNameCharacter(next) || isIntroducer(next));
}
