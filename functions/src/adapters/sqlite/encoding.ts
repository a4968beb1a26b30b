import type { DocumentData, DocumentValue } from '#ports/documents/documents.ts';

/**
 * How values are stored in the file: as JSON, so that `sqlite3 file "select json(data) from documents"` shows them.
 * JSON has no instants, so an instant is the string `@2026-11-20T14:00:00.000Z`, and a string that begins with `@` gets
 * a second one. Comparing them as text preserves the order within each type.
 */
const MARK = '@';

/** The value as JSON text. It must have been checked (`checkWrites`). */
export function encode(value: DocumentValue | DocumentData): string {
  return JSON.stringify(marked(value));
}

/** The document from JSON text of `encode`. */
export function decode(json: string): DocumentData {
  const data: Record<string, DocumentValue> = JSON.parse(json);
  for (const name of Object.keys(data)) data[name] = unmarked(data[name] ?? null);
  return data;
}

/** A single value as compared in SQL: what `json_extract` returns for it. */
export function comparable(value: null | boolean | number | string | Date): number | string {
  if (value === null) return 0;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return value;
  return markedScalar(value);
}

function marked(value: DocumentValue): DocumentValue {
  if (typeof value === 'string' || value instanceof Date) return markedScalar(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map(marked);
  const copy: Record<string, DocumentValue> = {};
  for (const name of Object.keys(value)) copy[name] = marked(value[name] ?? null);
  return copy;
}

function markedScalar(value: string | Date): string {
  if (typeof value !== 'string') return MARK + value.toISOString();
  return value.startsWith(MARK) ? MARK + value : value;
}

function unmarked(value: DocumentValue): DocumentValue {
  if (typeof value === 'string') {
    if (!value.startsWith(MARK)) return value;
    return value.startsWith(MARK, 1) ? value.slice(1) : new Date(value.slice(1));
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (isList(value)) return value.map(unmarked);
  const copy: Record<string, DocumentValue> = {};
  for (const name of Object.keys(value)) copy[name] = unmarked(value[name] ?? null);
  return copy;
}

function isList(value: DocumentValue): value is readonly DocumentValue[] {
  return Array.isArray(value);
}
