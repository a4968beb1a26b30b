import type * as Admin from 'firebase-admin/firestore';
import { DELETE_FIELD, DocumentsError, type MergeChange, type Write } from '#ports/documents/documents.ts';
import type { Client } from './client.ts';
import { asTimestamp } from './values.ts';

/** Adds one checked write to a batch. Throws `conflict` for an update time that is not from Firestore. */
export function addWrite(batch: Admin.WriteBatch, write: Write, { db, sdk }: Client): void {
  const document = db.doc(write.path);
  switch (write.kind) {
    case 'create':
      batch.create(document, write.data);
      return;
    case 'set':
      batch.set(document, write.data);
      return;
    case 'merge':
      addMerge(batch, document, write.changes, sdk);
      return;
    case 'delete':
      batch.delete(document, precondition(write, sdk));
      return;
    case 'update': {
      const condition = write.ifUpdateTime === undefined ? [] : [precondition(write, sdk)];
      batch.update(document, ...updateArguments(write.changes, condition, sdk));
    }
  }
}

/**
 * A single write if possible: the SDK's `merge` merges nested fields one by one, including those of a map that should
 * be replaced as a whole. (`mergeFields` splits names that contain a dot.)
 */
function addMerge(
  batch: Admin.WriteBatch,
  document: Admin.DocumentReference,
  changes: readonly MergeChange[],
  sdk: Client['sdk'],
): void {
  if (changes.some((change) => 'value' in change && isMap(change.value))) {
    batch.set(document, {}, { merge: true });
    batch.update(document, ...updateArguments(changes, [], sdk));
    return;
  }
  const nested: Record<string, unknown> = {};
  for (const change of changes) put(nested, change.field, valueOf(change, sdk));
  batch.set(document, nested, { merge: true });
}

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function put(into: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    into[name] = value;
    return;
  }
  const known = into[name];
  const inner: Record<string, unknown> = {};
  if (typeof known === 'object' && known !== null) Object.assign(inner, known);
  put(inner, rest, value);
  into[name] = inner;
}

/** Field, value, field, value …, then the condition: the SDK's form for fields with arbitrary names. */
function updateArguments(
  changes: readonly MergeChange[],
  condition: readonly Admin.Precondition[],
  sdk: Client['sdk'],
): [Admin.FieldPath, unknown, ...unknown[]] {
  const [first, ...others] = changes.map((change) => ({
    field: new sdk.FieldPath(...change.field),
    value: valueOf(change, sdk),
  }));
  if (first === undefined)
    throw new DocumentsError('invalid', 'A write that changes fields needs at least one change.');
  return [first.field, first.value, ...others.flatMap(({ field, value }): unknown[] => [field, value]), ...condition];
}

function valueOf(change: MergeChange, sdk: Client['sdk']): unknown {
  if ('increment' in change) return sdk.FieldValue.increment(change.increment);
  return change.value === DELETE_FIELD ? sdk.FieldValue.delete() : change.value;
}

function precondition(
  { path, ifUpdateTime }: { readonly path: string; readonly ifUpdateTime?: string },
  sdk: Client['sdk'],
): Admin.Precondition {
  if (ifUpdateTime === undefined) return {};
  const lastUpdateTime = asTimestamp(ifUpdateTime, sdk);
  if (lastUpdateTime === undefined) {
    throw new DocumentsError(
      'conflict',
      `${path} was never at "${ifUpdateTime}", which is not an update time of Firestore.`,
    );
  }
  return { lastUpdateTime };
}
