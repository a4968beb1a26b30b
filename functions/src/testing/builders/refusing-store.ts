import type { ExecutionChanges, ExecutionStore, WriteOutcome } from '#engine/record/execution-store.ts';
import { DocumentsError } from '#ports/documents/documents.ts';
import { databaseFailure } from '#records/store/reachable.ts';

/** A store that refuses every write for which `refuses` is true, like a database when a record is too large. */
export function refusing(store: ExecutionStore, refuses: (changes: ExecutionChanges) => boolean): ExecutionStore {
  const write: ExecutionStore['write'] = async (id, changes, fence): Promise<WriteOutcome> =>
    refuses(changes)
      ? { kind: 'refused', cause: databaseFailure(new DocumentsError('invalid', 'It would take 1048811 bytes.')) }
      : store.write(id, changes, fence);
  return { ...store, write };
}
