/**
 * How long a `Retry-After` header asks us to wait, in milliseconds: seconds or an HTTP date, as RFC 9110 has it.
 * `undefined` where there is none or it says nothing sensible.
 */
export function retryAfterMs(header: string | null | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,7}(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  if (!/^[A-Za-z]{3}, /.test(text)) return undefined;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - now.getTime());
}
