/**
 * The size of a value in a record, in bytes, by Firestore's formula
 * (https://firebase.google.com/docs/firestore/storage-size): a text its UTF-8 bytes + 1, a number or an instant 8, a
 * boolean or null 1, a list the sum of its values, a map the sum of its names and values. Records measure their content
 * by this; `[0, 0]` takes far more than its JSON.
 */
export function weightOf(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return Buffer.byteLength(value) + 1;
    case 'number':
      return 8;
    case 'object':
      return value === null ? 1 : weightOfObject(value);
    default:
      return 1;
  }
}

function weightOfObject(value: object): number {
  if (value instanceof Date) return 8;
  let bytes = 0;
  if (Array.isArray(value)) {
    for (const item of value) bytes += weightOf(item);
    return bytes;
  }
  for (const [name, item] of Object.entries(value)) {
    if (item !== undefined) bytes += Buffer.byteLength(name) + 1 + weightOf(item);
  }
  return bytes;
}
