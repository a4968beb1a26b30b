import type { Json } from './json.ts';

/** The path of a lone surrogate in a value, which no database accepts as text; undefined if it has none. */
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
