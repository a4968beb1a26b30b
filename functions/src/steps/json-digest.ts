import { createHash } from 'node:crypto';
import type { Json } from '../engine/json.ts';

/** SHA-256 of JSON, in hexadecimal; the order of fields does not matter. */
export function jsonDigest(value: Json): string {
  return createHash('sha256').update(JSON.stringify(value, sorted)).digest('hex');
}

function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
