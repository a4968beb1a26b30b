import { JsonValue } from '#core/json.ts';
import { DocumentsError, type DocumentData, type DocumentValue } from '#ports/documents/documents.ts';

/** A document may nest 20 levels; deeper content is stored as text. */
const MAX_LEVELS = 18;
const MAX_NAME_CHARS = 300;
const TEXT_FIELD = '$json';

/**
 * A record as a document; all parts of a record pass through here. Instants stay instants, `undefined` is left out, and the
 * few parts that Firestore would refuse (lists directly in lists, empty or reserved names, deep nesting) become
 * `{ $json: text }`. `fromDocument` restores them exactly. Half of a surrogate pair, which is not valid text, becomes U+FFFD.
 */
export function toDocument(value: unknown, level = 0): DocumentValue {
  if (typeof value === 'string') return value.toWellFormed();
  if (value === null || typeof value === 'boolean' || value instanceof Date) return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) {
    if (level >= MAX_LEVELS) return asText(value);
    return value.map((item: unknown) => (Array.isArray(item) ? asText(item) : toDocument(item, level + 1)));
  }
  if (typeof value === 'object') return mapToDocument(value, level);
  throw new DocumentsError(
    'invalid',
    `A record cannot contain ${typeof value === 'number' ? value : `a ${typeof value}`}.`,
  );
}

/** The fields of the document of a complete record. */
export function documentFields(record: object): DocumentData {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, toDocument(value, 1)]));
}

function mapToDocument(map: object, level: number): DocumentValue {
  const fields = Object.entries(map).filter(([, value]) => value !== undefined);
  if (level >= MAX_LEVELS || !fields.every(([name]) => isKeptName(name)) || isTextual(fields)) return asText(map);
  return Object.fromEntries(fields.map(([name, value]) => [name, toDocument(value, level + 1)]));
}

function isKeptName(name: string): boolean {
  if (name === '' || name === '__proto__' || name.length > MAX_NAME_CHARS) return false;
  return !/^__.*__$/s.test(name) && name.isWellFormed();
}

function isTextual(fields: readonly (readonly [string, unknown])[]): boolean {
  return fields.length === 1 && fields[0]?.[0] === TEXT_FIELD;
}

function asText(value: object): DocumentValue {
  return { [TEXT_FIELD]: JSON.stringify(value) };
}

/** The value that `toDocument` was given; a damaged part is returned as stored. */
export function fromDocument(value: DocumentValue): unknown {
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  if (isList(value)) return value.map(fromDocument);
  const fields = Object.entries(value);
  const [only] = fields;
  const text = isTextual(fields) ? only?.[1] : undefined;
  const kept = typeof text === 'string' ? jsonIn(text) : undefined;
  if (kept !== undefined) return kept;
  return Object.fromEntries(fields.map(([name, item]) => [name, fromDocument(item)]));
}

function jsonIn(text: string): unknown {
  try {
    return JsonValue.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function isList(value: object): value is readonly DocumentValue[] {
  return Array.isArray(value);
}
