declare global {
  // Part of ES2026; the compiler's target types do not include it yet.
  interface JSON {
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
    ): unknown;
    rawJSON(text: string): object;
  }
}

/**
 * Parses JSON so that `JSON.stringify` writes every number exactly as before (`1.0`, `1e400`, digits beyond the
 * precision of a number). Such a number is an opaque object in the result, which is for sending on, not for reading.
 * Throws `SyntaxError`.
 */
export function exactJson(text: string): unknown {
  return JSON.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? JSON.rawJSON(source) : value,
  );
}
