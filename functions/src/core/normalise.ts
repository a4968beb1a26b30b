import type { Json } from './json.ts';

/** JSON made from a tool's return value, and a sentence for every change that was necessary. */
export interface Normalised {
  readonly json: Json;
  readonly notes: readonly string[];
}

/** The maximum nesting depth of an output. */
export const MAX_DEPTH = 64;
const MAX_NOTES = 20;

/**
 * Converts any value to JSON without throwing: `undefined` and functions in a map are omitted and elsewhere become
 * null, as do NaN and infinities; -0 becomes 0; a bigint or an instant becomes text; a Map becomes a map, a Set a list,
 * any other instance the map of its own fields; cycles and values deeper than 64 levels become null; a lone surrogate
 * becomes the replacement character; an own `__proto__` key is omitted; a value that throws when read becomes null.
 * Every loss is noted for readers of the record; expressions do not see the notes. A tool that passes on data of
 * arbitrary depth should therefore check `isDeeperThan` first, and keep deeper data in another form, as `httpRequest`
 * does.
 */
export function normalise(value: unknown): Normalised {
  const notes: string[] = [];
  const walk: Walk = { above: new Set(), trail: [], notes };
  return { json: convert(value, walk) ?? null, notes };
}

/** Whether lists and maps nest deeper than `levels`. Also terminates for values that nest infinitely. */
export function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((item) => isDeeperThan(levels - 1, item));
}

/** The current position in a value: names and list indexes, converted to text only for a note. */
interface Walk {
  readonly above: Set<object>;
  readonly trail: (string | number)[];
  readonly notes: string[];
}

function note({ trail, notes }: Walk, what: string): void {
  if (notes.length >= MAX_NOTES) return;
  const path = trail.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  );
  notes.push(`${path || 'the output'} ${what}`);
}

/** Undefined means: omit the value where possible. */
function convert(value: unknown, walk: Walk): Json | undefined {
  switch (typeof value) {
    case 'string':
      return convertText(value, walk);
    case 'boolean':
      return value;
    case 'number':
      if (Number.isFinite(value)) return value === 0 ? 0 : value;
      note(walk, `was ${value} and is kept as null`);
      return null;
    case 'bigint':
      note(walk, 'was a bigint and is kept as text');
      return value.toString();
    case 'object':
      return value === null ? null : convertObject(value, walk);
    default:
      if (value !== undefined || walk.trail.length === 0) note(walk, `was ${typeof value} and was omitted`);
      return undefined;
  }
}

function convertText(value: string, walk: Walk): string {
  if (value.isWellFormed()) return value;
  note(walk, 'contained a lone surrogate, which was replaced');
  return value.toWellFormed();
}

function convertObject(value: object, walk: Walk): Json {
  const { above, trail } = walk;
  if (above.has(value)) {
    note(walk, 'refers to what contains it and is kept as null');
    return null;
  }
  if (above.size >= MAX_DEPTH) {
    note(walk, `is deeper than ${MAX_DEPTH} levels and is kept as null`);
    return null;
  }

  const depth = trail.length;
  above.add(value);
  try {
    return convertContainer(value, walk);
  } catch {
    // A getter or proxy may throw anything; the rest of the output must survive it.
    trail.length = depth;
    note(walk, 'cannot be read and is kept as null');
    return null;
  } finally {
    above.delete(value);
  }
}

function convertContainer(value: object, walk: Walk): Json {
  if (Array.isArray(value)) return convertItems(value, walk);
  if (value instanceof Date) return convertInstant(value, walk);
  if (value instanceof Set) {
    note(walk, 'was a Set and is kept as a list');
    return convertItems(value, walk);
  }
  if (!isPlain(value)) note(walk, `was a ${value.constructor?.name || 'class instance'} and is kept as its fields`);
  const entries: Iterable<[string, unknown]> =
    value instanceof Map
      ? Array.from(value, ([key, item]: [unknown, unknown]) => [String(key), item])
      : Object.entries(value);
  return convertEntries(entries, walk);
}

function convertItems(items: Iterable<unknown>, walk: Walk): Json {
  const { trail } = walk;
  let index = 0;
  return Array.from(items, (item) => {
    trail.push(index);
    index += 1;
    const json = convert(item, walk) ?? null;
    trail.pop();
    return json;
  });
}

function convertEntries(entries: Iterable<[string, unknown]>, walk: Walk): Json {
  const { trail } = walk;
  const fields: Record<string, Json> = {};
  for (const [key, item] of entries) {
    const name = key.toWellFormed();
    trail.push(name);
    const json = name === '__proto__' ? refusedName(walk) : convert(item, walk);
    trail.pop();
    if (json !== undefined) fields[name] = json;
  }
  return fields;
}

function refusedName(walk: Walk): undefined {
  note(walk, 'is a reserved name and was omitted');
}

function convertInstant(value: Date, walk: Walk): Json {
  if (!Number.isNaN(value.getTime())) return value.toISOString();
  note(walk, 'was an invalid instant and is kept as null');
  return null;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
