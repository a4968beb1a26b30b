/** `%` */
export const PERCENT = 0x25;
/** `&` */
export const AMPERSAND = 0x26;
/** A backslash */
export const BACKSLASH = 0x5c;
/** `#` */
export const HASH = 0x23;
/** `;` */
export const SEMICOLON = 0x3b;

/** The length of the longest HTML name known here. */
export const MAX_NAME_LENGTH = 12;

/** What a letter after a backslash stands for. */
export const BACKSLASH_LETTERS: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  0: '\0',
};

/** Whether an escape may begin with this character: `%`, `&` or a backslash. */
export function isIntroducer(code: number): boolean {
  return code === PERCENT || code === AMPERSAND || code === BACKSLASH;
}

/** The value of a hexadecimal digit. */
export function hexValue(code: number): number {
  return isDigit(code) ? code - 0x30 : (code | 0x20) - 0x57;
}

/** 0 to 9. */
export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** 0 to 9, a to f, in either case. */
export function isHexDigit(code: number): boolean {
  return isDigit(code) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x66);
}

/** An ASCII letter or digit, as used in HTML names. */
export function isNameCharacter(code: number): boolean {
  return isDigit(code) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a);
}
