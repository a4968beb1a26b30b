import type { Clock } from '#core/clock.ts';
import { parseDocumentPath } from '#ports/documents/document-path.ts';
import { checkAggregate, checkQuery } from '#ports/documents/document-query.ts';
import { checkWrites } from '#ports/documents/document-writes.ts';
import type { Documents, StoredDocument } from '#ports/documents/documents.ts';
import { systemClock } from '../system-clock.ts';
import { openDatabaseFile } from './database-file.ts';
import { readAggregate, readAll, readOne } from './read-documents.ts';
import { watchers } from './watch.ts';

/**
 * The documents port on one SQLite file (or `:memory:`), which several processes may use at the same time. Throws
 * `unavailable` if the file cannot be opened. A commit that other processes delay for 5 seconds, or beyond its limit,
 * throws `unavailable` and is not applied. A file that was deleted or replaced while open is neither read nor written.
 * See `openConnection` for durability.
 */
export function sqliteDocuments(options: { readonly file: string; readonly clock?: Clock }): Documents {
  const { file, clock = systemClock } = options;
  const database = openDatabaseFile(file, clock);
  const { connection, whenFree } = database;
  const watching = watchers(database.version, clock);
  return {
    async get(path, limit) {
      const key = parseDocumentPath(path);
      return whenFree(() => readOne(connection, key, clock.now()), limit);
    },
    async commit(writes, limit) {
      const checked = checkWrites(writes);
      const timeUs = await whenFree(() => database.commit(checked), limit);
      watching.wake();
      return String(timeUs);
    },
    async query(query) {
      const checked = checkQuery(query);
      return whenFree(() => readAll(connection, checked, clock.now()));
    },
    async aggregate(query, sums = []) {
      const checked = checkAggregate(query, sums);
      return whenFree(() => readAggregate(connection, checked, sums));
    },
    watch(query, next, failed) {
      const checked = checkQuery(query);
      const read = (): readonly StoredDocument[] => database.atOnce(() => readAll(connection, checked, clock.now()));
      return watching.add({ read, next, failed });
    },
    async close() {
      watching.close();
      database.close();
    },
  };
}
