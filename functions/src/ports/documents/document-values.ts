import { cut } from '#core/cut.ts';
import { isReservedName } from './document-path.ts';
import { DocumentsError, type DocumentData, type DocumentValue } from './documents.ts';

const MAX_DEPTH = 20;
const MAX_FIELD_NAME_BYTES = 1500;
const MAX_TEXT_BYTES = 1024 * 1024 - 89;
const EARLIEST_MS = Date.parse('0001-01-01T00:00:00.000Z');
const LATEST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** The size of a value: bytes by Firestore's formula, and the number of single values in it. */
export interface Weight {
  bytes: number;
  values: number;
}

/**
 * Checks the fields of a document in one pass and adds their size to `weight`, by Firestore's formula
 * (https://firebase.google.com/docs/firestore/storage-size): a string is its UTF-8 bytes + 1, a number or an instant 8,
 * a boolean or null 1, a list the sum of its values, a map the sum of its field names (as strings) and values. Throws
 * `invalid`, naming `where` and the field, for everything that Firestore refuses or would change.
 */
export function weighFields(data: DocumentData, where: string, weight: Weight): void {
  const trail: string[] = [];
  try {
    if (!isPlainObject(data)) throw new Refusal(`is ${described(data)}, but a document is a plain object`);
    weighMap(data, trail, weight);
  } catch (error) {
    throw refused(error, where, trail);
  }
}

/** Like `weighFields`, for one value at the given field path. The names of the path are not counted. */
export function weighValue(field: readonly string[], value: DocumentValue, where: string, weight: Weight): void {
  const trail = [...field];
  try {
    weigh(value, trail, weight, false);
  } catch (error) {
    throw refused(error, where, trail);
  }
}

/** Throws `invalid` unless a field path has 1 to 20 names, all of which Firestore accepts. */
export function checkFieldPath(field: readonly string[], where: string): void {
  try {
    if (field.length === 0) throw new Refusal('has no name; a field path needs at least one');
    for (const name of field) checkFieldName(name);
    if (field.length > MAX_DEPTH) throw new Refusal(`is deeper than ${MAX_DEPTH} levels`);
  } catch (error) {
    throw refused(error, where, field);
  }
}

/** The bytes that Firestore counts for a string. */
export function stringBytes(text: string): number {
  return Buffer.byteLength(text) + 1;
}

/** Whether the value is a plain object (`{}` or parsed), not an instance of a class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

class Refusal extends Error {}

function refused(error: unknown, where: string, trail: readonly string[]): unknown {
  if (!(error instanceof Refusal)) return error;
  const subject = trail.length === 0 ? where : `${where}: the field ${cut(trail.join('.'), 200)}`;
  return new DocumentsError('invalid', `${subject} ${error.message}.`);
}

function weigh(value: unknown, trail: string[], weight: Weight, inList: boolean): void {
  weight.values += 1;
  switch (typeof value) {
    case 'string':
      weight.bytes += weighString(value);
      return;
    case 'number':
      if (!Number.isFinite(value)) throw new Refusal(`is ${value}, which is not JSON; write null or omit it`);
      weight.bytes += 8;
      return;
    case 'boolean':
      weight.bytes += 1;
      return;
    case 'object':
      weighObject(value, trail, weight, inList);
      return;
    default:
      throw new Refusal(`is ${described(value)}, which a document cannot contain; omit it or write null`);
  }
}

function weighObject(value: object | null, trail: string[], weight: Weight, inList: boolean): void {
  if (value === null) {
    weight.bytes += 1;
  } else if (Array.isArray(value)) {
    if (inList) throw new Refusal('is a list directly inside a list; wrap the inner list in a map');
    weighList(value, trail, weight);
  } else if (value instanceof Date) {
    checkInstant(value);
    weight.bytes += 8;
  } else if (isPlainObject(value)) {
    weighMap(value, trail, weight);
  } else {
    throw new Refusal(
      `is ${described(value)}; a document can contain only plain objects, lists, instants and JSON values`,
    );
  }
}

function weighMap(map: Record<string, unknown>, trail: string[], weight: Weight): void {
  for (const name of Object.keys(map)) {
    trail.push(name);
    if (trail.length > MAX_DEPTH) throw new Refusal(`is deeper than ${MAX_DEPTH} levels, or in a cycle`);
    weight.bytes += checkFieldName(name);
    weigh(map[name], trail, weight, false);
    trail.pop();
  }
}

function weighList(list: readonly unknown[], trail: string[], weight: Weight): void {
  for (let index = 0; index < list.length; index += 1) {
    trail.push(String(index));
    if (trail.length > MAX_DEPTH) throw new Refusal(`is deeper than ${MAX_DEPTH} levels, or in a cycle`);
    weigh(list[index], trail, weight, true);
    trail.pop();
  }
}

function weighString(text: string): number {
  if (!text.isWellFormed()) throw new Refusal('contains a lone surrogate, which is not text');
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_TEXT_BYTES) throw new Refusal(`takes ${bytes} bytes; one value may have ${MAX_TEXT_BYTES}`);
  return bytes + 1;
}

function checkFieldName(name: string): number {
  if (name === '') throw new Refusal('has an empty name');
  if (isReservedName(name)) throw new Refusal('has a reserved name; names must not be of the form __name__');
  if (!name.isWellFormed()) throw new Refusal('has a name with a lone surrogate, which is not text');
  const bytes = Buffer.byteLength(name);
  if (bytes > MAX_FIELD_NAME_BYTES) throw new Refusal(`has a name longer than ${MAX_FIELD_NAME_BYTES} bytes`);
  return bytes + 1;
}

function checkInstant(instant: Date): void {
  const timeMs = instant.getTime();
  if (Number.isNaN(timeMs)) throw new Refusal('is an invalid instant; write a valid one or null');
  if (timeMs < EARLIEST_MS || timeMs > LATEST_MS) throw new Refusal('is an instant outside of the years 1 to 9999');
}

function described(value: unknown): string {
  if (value === undefined) return 'undefined';
  if (typeof value === 'bigint') return 'a bigint';
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  if (Array.isArray(value)) return 'a list';
  if (value === null) return 'null';
  if (typeof value !== 'object') return `a ${typeof value}`;
  return `an instance of ${value.constructor?.name || 'a class'}`;
}
