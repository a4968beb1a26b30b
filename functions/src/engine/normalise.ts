import type { Json } from './json.ts';

/** JSON made of what a tool returned, and a sentence for everything that had to be changed on the way. */
export interface Normalised {
  readonly json: Json;
  readonly notes: readonly string[];
}

/** How deep the JSON of an output may nest. */
export const MAX_DEPTH = 64;
const MAX_NOTES = 20;

/**
 * Makes JSON of anything, by rule and without throwing: `undefined` and functions in a map are left out and elsewhere
 * become null, as do NaN and infinities; -0 becomes 0; a bigint or an instant becomes text; a Map becomes a map, a Set a
 * list, another instance the map of its own fields; a cycle or what lies deeper than 64 levels becomes null; half a
 * surrogate pair becomes the replacement character; an own `__proto__` key is left out; what throws when it is read becomes
 * null. Every loss is noted, for whoever looks at the record; an expression sees no note. So a tool that hands on what
 * others nest as they like asks `isDeeperThan` first, and keeps what is deeper in another form, as `httpRequest` does.
 */
export function normalise(value: unknown): Normalised {
  const notes: string[] = [];
  const note = (path: string, what: string): void => {
    if (notes.length < MAX_NOTES) notes.push(`${path || 'the output'} ${what}`);
  };
  return { json: convert(value, '', new Set(), note) ?? null, notes };
}

/** Whether lists and maps nest deeper than so many levels. Takes no longer for a value that nests without end. */
export function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((item) => isDeeperThan(levels - 1, item));
}

type Note = (path: string, what: string) => void;

/** Undefined means: leave it out where that is possible. */
function convert(value: unknown, path: string, above: Set<object>, note: Note): Json | undefined {
  switch (typeof value) {
    case 'string':
      return convertText(value, path, note);
    case 'boolean':
      return value;
    case 'number':
      if (Number.isFinite(value)) return value === 0 ? 0 : value;
      note(path, `was ${value} and is kept as null`);
      return null;
    case 'bigint':
      note(path, 'was a bigint and is kept as text');
      return value.toString();
    case 'object':
      return value === null ? null : convertObject(value, path, above, note);
    default:
      if (value !== undefined || path === '') note(path, `was ${typeof value} and is left out`);
      return undefined;
  }
}

function convertText(value: string, path: string, note: Note): string {
  if (value.isWellFormed()) return value;
  note(path, 'held half of a surrogate pair, which was replaced');
  return value.toWellFormed();
}

function convertObject(value: object, path: string, above: Set<object>, note: Note): Json {
  if (above.has(value)) {
    note(path, 'refers to what contains it and is kept as null');
    return null;
  }
  if (above.size >= MAX_DEPTH) {
    note(path, `lies deeper than ${MAX_DEPTH} levels and is kept as null`);
    return null;
  }

  above.add(value);
  try {
    return convertContainer(value, path, above, note);
  } catch {
    // A getter or a proxy may throw whatever it likes; it must not cost the rest of the output.
    note(path, 'cannot be read and is kept as null');
    return null;
  } finally {
    above.delete(value);
  }
}

function convertContainer(value: object, path: string, above: Set<object>, note: Note): Json {
  if (value instanceof Date) return convertInstant(value, path, note);
  if (Array.isArray(value) || value instanceof Set) {
    if (value instanceof Set) note(path, 'was a Set and is kept as a list');
    return Array.from(value, (item: unknown, index) => convert(item, `${path}[${index}]`, above, note) ?? null);
  }
  const entries: [string, unknown][] =
    value instanceof Map
      ? Array.from(value, ([key, item]: [unknown, unknown]) => [String(key), item])
      : Object.entries(value);
  if (!isPlain(value)) note(path, `was a ${value.constructor?.name || 'class instance'} and is kept as its fields`);
  return convertEntries(entries, path, above, note);
}

function convertEntries(entries: readonly [string, unknown][], path: string, above: Set<object>, note: Note): Json {
  const fields: [string, Json][] = [];
  for (const [key, item] of entries) {
    const name = key.toWellFormed();
    const itemPath = path === '' ? name : `${path}.${name}`;
    if (name === '__proto__') {
      note(itemPath, 'is not a name that may be kept and is left out');
      continue;
    }
    const json = convert(item, itemPath, above, note);
    if (json !== undefined) fields.push([name, json]);
  }
  return Object.fromEntries(fields);
}

function convertInstant(value: Date, path: string, note: Note): Json {
  if (!Number.isNaN(value.getTime())) return value.toISOString();
  note(path, 'was an invalid instant and is kept as null');
  return null;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
