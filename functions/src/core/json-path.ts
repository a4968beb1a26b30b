import { isJsonObject, type Json } from './json.ts';

/** The value at a path like `offline.0.name` or `offline[0].name`, or `undefined` if it has none. Own fields only. */
export function valueAt(data: Json, path: string): Json | undefined {
  let value: Json | undefined = data;
  for (const segment of path.replace(/\[(\d+)\]/g, '.$1').split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = isJsonObject(value) ? value[segment] : value[Number(segment)];
  }
  return value;
}
