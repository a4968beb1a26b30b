import type { Json } from './json.ts';

/** Where in a value half of a surrogate pair stands, which is no text and which no database takes; undefined: nowhere. */
export function illFormedAt(value: Json, path = ''): string | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? undefined : path;
  if (typeof value !== 'object' || value === null) return undefined;
  const isList = Array.isArray(value);
  for (const [name, item] of Object.entries(value)) {
    const itemPath = isList ? `${path}[${name}]` : path === '' ? name.toWellFormed() : `${path}.${name.toWellFormed()}`;
    const found = name.isWellFormed() ? illFormedAt(item, itemPath) : itemPath;
    if (found !== undefined) return found;
  }
  return undefined;
}
