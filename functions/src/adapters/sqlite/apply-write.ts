import {
  checkDocumentBytes,
  MAX_DOCUMENT_BYTES,
  weighDocument,
  type CheckedWrite,
} from '#ports/documents/document-writes.ts';
import {
  DELETE_FIELD,
  DocumentsError,
  type DocumentData,
  type DocumentValue,
  type FieldChange,
  type MergeChange,
} from '#ports/documents/documents.ts';
import type { Connection } from './connection.ts';
import { decode, encode } from './encoding.ts';

/** SQLite functions take at most 127 arguments; each change needs two. */
const CHANGES_PER_CALL = 60;

/** Applies one write inside a transaction, as of `timeUs`. Throws `already_exists`, `not_found`, `conflict`, `invalid`. */
export function applyWrite(
  connection: Connection,
  { write, collection, id, bytes }: CheckedWrite,
  timeUs: number,
): void {
  const target: Target = { connection, path: write.path, key: [collection, id], timeUs };
  switch (write.kind) {
    case 'create':
      return create(target, write.data, bytes);
    case 'set':
      return void insert(target, REPLACE, write.data, bytes);
    case 'delete':
      if (write.ifUpdateTime !== undefined) checkUpdateTime(target, write.ifUpdateTime);
      return void connection.run('DELETE FROM documents WHERE collection = ? AND id = ?', target.key);
    case 'update': {
      const bytesBefore = checkUpdateTime(target, write.ifUpdateTime);
      if (!changeInPlace(target, write.changes, bytesBefore + bytes)) rewrite(target, write.changes);
      return;
    }
    case 'merge':
      insert(target, KEEP, {}, weighDocument(write.path, {}));
      rewrite(target, write.changes);
  }
}

interface Target {
  readonly connection: Connection;
  readonly path: string;
  readonly key: readonly [collection: string, id: string];
  readonly timeUs: number;
}

const KEEP = 'DO NOTHING';
const REPLACE =
  'DO UPDATE SET data = excluded.data, update_time = excluded.update_time, bytes_at_most = excluded.bytes_at_most';

function create(target: Target, data: DocumentData, bytes: number): void {
  if (insert(target, KEEP, data, bytes) === 0) {
    throw new DocumentsError('already_exists', `${target.path} already exists, so it cannot be created.`);
  }
}

/** Returns the number of documents written: 0 if an existing one is kept. */
function insert({ connection, key, timeUs }: Target, onConflict: string, data: DocumentData, bytes: number): number {
  return connection.run(
    `INSERT INTO documents (collection, id, data, update_time, bytes_at_most) VALUES (?, ?, jsonb(?), ?, ?) ON CONFLICT (collection, id) ${onConflict}`,
    [...key, encode(data), timeUs, bytes],
  );
}

/** Returns the maximum size of the document in bytes. */
function checkUpdateTime({ connection, path, key }: Target, expected: string | undefined): number {
  const [updateTime, bytes] =
    connection.first('SELECT update_time, bytes_at_most FROM documents WHERE collection = ? AND id = ?', key) ?? [];
  if (expected !== undefined && String(updateTime) !== expected) {
    throw new DocumentsError(
      'conflict',
      `${path} is not the version that was read: it was changed or deleted meanwhile.`,
    );
  }
  if (updateTime === undefined) {
    throw new DocumentsError('not_found', `${path} does not exist, so it cannot be updated.`);
  }
  return Number(bytes);
}

/**
 * Changes the document inside the database, so that the cost in JavaScript does not grow with its size. Returns false
 * without changes if the result would differ from Firestore's: for a name that a JSON path cannot contain, a path
 * through something other than a map, or a document that may become too large and must be measured.
 */
function changeInPlace(target: Target, changes: readonly FieldChange[], bytesAtMost: number): boolean {
  if (bytesAtMost > MAX_DOCUMENT_BYTES || changes.length > CHANGES_PER_CALL) return false;
  if (changes.some(({ field }) => field.some((name) => /["\\\u0000-\u001f]/.test(name)))) return false;
  if (!parentsAreMaps(target, changes)) return false;
  const sets = changes.flatMap(({ field, value }) =>
    value === DELETE_FIELD ? [] : [[jsonPath(field), encode(value)]],
  );
  const removals = changes.flatMap(({ field, value }) => (value === DELETE_FIELD ? [jsonPath(field)] : []));
  let data = 'data';
  if (sets.length > 0) data = `jsonb_set(${data}${', ?, jsonb(?)'.repeat(sets.length)})`;
  if (removals.length > 0) data = `jsonb_remove(${data}${', ?'.repeat(removals.length)})`;
  target.connection.run(
    `UPDATE documents SET data = ${data}, update_time = ?, bytes_at_most = ? WHERE collection = ? AND id = ?`,
    [...sets.flat(), ...removals, target.timeUs, bytesAtMost, ...target.key],
  );
  return true;
}

function parentsAreMaps({ connection, key }: Target, changes: readonly FieldChange[]): boolean {
  const parents = new Set<string>();
  for (const { field } of changes) {
    for (let length = 1; length < field.length; length += 1) parents.add(jsonPath(field.slice(0, length)));
  }
  if (parents.size === 0) return true;
  const columns = Array.from(parents, () => 'json_type(data, ?)').join(', ');
  const types = connection.first(`SELECT ${columns} FROM documents WHERE collection = ? AND id = ?`, [
    ...parents,
    ...key,
  ]);
  return types?.every((type) => type === null || type === 'object') ?? false;
}

function jsonPath(field: readonly string[]): string {
  return `$${field.map((name) => `."${name}"`).join('')}`;
}

/** Reads the document, changes and measures it, and writes it as a whole. */
function rewrite({ connection, path, key, timeUs }: Target, changes: readonly MergeChange[]): void {
  const [json] = connection.first('SELECT json(data) FROM documents WHERE collection = ? AND id = ?', key) ?? [];
  const data = changes.reduce((before, change) => changed(before, change.field, change), decode(String(json)));
  const bytes = weighDocument(path, data);
  checkDocumentBytes(path, bytes);
  connection.run(
    'UPDATE documents SET data = jsonb(?), update_time = ?, bytes_at_most = ? WHERE collection = ? AND id = ?',
    [encode(data), timeUs, bytes, ...key],
  );
}

/** `field` is the rest of the path of `change`. */
function changed(data: DocumentData, field: readonly string[], change: MergeChange): DocumentData {
  const [name = '', ...rest] = field;
  const inner = Object.hasOwn(data, name) ? data[name] : undefined;
  if (rest.length > 0) {
    const isMap = isFieldMap(inner);
    if (!isMap && 'value' in change && change.value === DELETE_FIELD) return data;
    return { ...data, [name]: changed(isMap ? inner : {}, rest, change) };
  }
  if ('increment' in change) return { ...data, [name]: (typeof inner === 'number' ? inner : 0) + change.increment };
  if (change.value !== DELETE_FIELD) return { ...data, [name]: change.value };
  return Object.fromEntries(Object.entries(data).filter(([other]) => other !== name));
}

function isFieldMap(value: DocumentValue | undefined): value is DocumentData {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
