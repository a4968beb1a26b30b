declare global {
  // Part of the language since ES2026; the types of the compiler's target do not know it yet.
  interface JSON {
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
    ): unknown;
    rawJSON(text: string): object;
  }
}

/**
 * Parses JSON so that `JSON.stringify` writes every number again as it was written (`1.0`, `1e400`, digits beyond what a
 * number holds). Such a number is an opaque object in the result, which is for sending on and not for reading.
 * Throws `SyntaxError`.
 */
export function exactJson(text: string): unknown {
  return JSON.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? JSON.rawJSON(source) : value,
  );
}
