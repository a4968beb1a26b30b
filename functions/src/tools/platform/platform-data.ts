import { PlaybookError } from '#core/failure.ts';
import type { DocumentData, Documents, DocumentValue, Where } from '#ports/documents/documents.ts';

/** From `since` (inclusive) to `until` (exclusive). */
export interface Window {
  readonly since: Date;
  readonly until: Date;
}

/** The mapping of a part of the team's data in `platform.yaml`. Throws `unconfigured` if it is missing. */
export function mapped<Mapping>(mapping: Mapping | undefined, word: string): Mapping {
  if (mapping !== undefined) return mapping;
  throw new PlaybookError(
    'unconfigured',
    `playbooks/platform.yaml does not say where ${word} are stored. Add ${word} with their collection and fields, and run npm run seed.`,
  );
}

/** The conditions for a time in a window. */
export function within(field: string, { since, until }: Window): readonly Where[] {
  return [
    { field, op: '>=', value: since },
    { field, op: '<', value: until },
  ];
}

/** The condition for a field that has one of the values. */
export function oneOf(field: string, values: readonly string[]): Where {
  return { field, op: 'in', value: values };
}

/** The number of documents that meet the conditions, counted in the database. */
export async function count(documents: Documents, collection: string, where: readonly Where[]): Promise<number> {
  return (await documents.aggregate({ collection, where })).count;
}

/** The value at a dotted path, or undefined. */
export function valueAt(data: DocumentData, field: string): DocumentValue | undefined {
  return field.split('.').reduce<DocumentValue | undefined>((value, name) => {
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
    return isMap ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;
  }, data);
}

/** The text at a dotted path, or an empty text. */
export function textAt(data: DocumentData, field: string): string {
  const value = valueAt(data, field);
  return typeof value === 'string' ? value : '';
}

/** The number at a dotted path, or null. */
export function numberAt(data: DocumentData, field: string): number | null {
  const value = valueAt(data, field);
  return typeof value === 'number' ? value : null;
}

/** The instant at a dotted path, or null. */
export function instantAt(data: DocumentData, field: string): Date | null {
  const value = valueAt(data, field);
  return value instanceof Date ? value : null;
}

/** The texts of a list at a dotted path, without other values. */
export function textsAt(data: DocumentData, field: string): readonly string[] {
  const value = valueAt(data, field);
  return Array.isArray(value) ? value.filter((item: DocumentValue): item is string => typeof item === 'string') : [];
}

/** A part as a share of a whole, or null if the whole is 0. */
export function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
