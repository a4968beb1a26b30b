import type * as Admin from 'firebase-admin/firestore';
import { DELETE_FIELD, DocumentsError } from '../../ports/documents.ts';
import type { Write } from '../../ports/documents.ts';
import type { Client } from './client.ts';
import { asTimestamp } from './values.ts';

/** Adds one checked write to a batch. Throws `conflict` for an update time that no Firestore gave. */
export function addWrite(batch: Admin.WriteBatch, write: Write, { db, sdk }: Client): void {
  const document = db.doc(write.path);
  switch (write.kind) {
    case 'create':
      batch.create(document, write.data);
      return;
    case 'set':
      batch.set(document, write.data);
      return;
    case 'delete':
      batch.delete(document, precondition(write, sdk));
      return;
    case 'update': {
      const [first, ...others] = write.changes.map(({ field, value }) => ({
        field: new sdk.FieldPath(...field),
        value: value === DELETE_FIELD ? sdk.FieldValue.delete() : value,
      }));
      if (first === undefined) return;
      const more = others.flatMap(({ field, value }): unknown[] => [field, value]);
      const condition = write.ifUpdateTime === undefined ? [] : [precondition(write, sdk)];
      batch.update(document, first.field, first.value, ...more, ...condition);
    }
  }
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
      `${path} was never at "${ifUpdateTime}", which is no update time of Firestore.`,
    );
  }
  return { lastUpdateTime };
}
