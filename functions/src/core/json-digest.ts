import { createHash } from 'node:crypto';

/** SHA-256 of JSON, in hexadecimal. Ignores the order of fields, and fields that are undefined. */
export function jsonDigest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value, sorted)).digest('hex');
}

function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
