import type { Clock } from '#core/clock.ts';
import { parseDocumentPath } from '#ports/documents/document-path.ts';
import { checkAggregate, checkQuery } from '#ports/documents/document-query.ts';
import { checkWrites } from '#ports/documents/document-writes.ts';
import type { CheckedWrite } from '#ports/documents/document-writes.ts';
import { DocumentsError } from '#ports/documents/documents.ts';
import type { Documents, StoredDocument, TimeLimit } from '#ports/documents/documents.ts';
import { systemClock } from '../system-clock.ts';
import { applyWrite } from './apply-write.ts';
import { openConnection } from './connection.ts';
import type { Connection } from './connection.ts';
import { nextCommitTime, noticeClock } from './database-time.ts';
import { asDocumentsError, isBusy } from './failure.ts';
import { openFile } from './open-file.ts';
import type { OpenFile } from './open-file.ts';
import { readAggregate, readAll, readOne } from './read-documents.ts';
import { BUSY_LIMIT_MS, waitWhileBusy } from './wait-while-busy.ts';
import { watchers } from './watch.ts';

/**
 * The documents port on one SQLite file (or `:memory:`), which several processes may use at the same time. Throws
 * `unavailable` when the file cannot be opened. A commit that other processes hold up for 5 seconds, or for as long as its
 * limit says, throws `unavailable` and has not happened. Nothing is read from a file, or written to one, that was deleted
 * or replaced while it was open. See `openConnection` for what survives which accident.
 */
export function sqliteDocuments(options: { readonly file: string; readonly clock?: Clock }): Documents {
  const { file, clock = systemClock } = options;
  const connection = openConnection(file);
  const opened = openFile(file);
  let closed = false;
  let ownCommits = 0;
  unlessBusy(() => noticeClock(connection, clock.now()));

  const watching = watchers(() => {
    opened.checkForReading();
    return explained(file, () => `${ownCommits}/${otherCommits(connection)}`);
  }, clock);

  async function whenFree<Result>(action: () => Result, limit?: TimeLimit): Promise<Result> {
    const limitMs = Math.min(limit?.timeoutMs ?? BUSY_LIMIT_MS, BUSY_LIMIT_MS);
    if (!(limitMs > 0)) throw notBegun(`There was no time left for the database ${file}.`);
    return waitWhileBusy({ clock, file, limitMs }, () => {
      if (closed) throw notBegun(`The database ${file} is closed.`);
      opened.checkForReading();
      return action();
    });
  }

  return {
    async get(path, limit) {
      const key = parseDocumentPath(path);
      return whenFree(() => readOne(connection, key, clock.now()), limit);
    },
    async commit(writes, limit) {
      const checked = checkWrites(writes);
      const timeUs = await whenFree(() => commitNow({ connection, opened, now: clock.now() }, checked), limit);
      ownCommits += 1;
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
      const read = (): readonly StoredDocument[] => explained(file, () => readAll(connection, checked, clock.now()));
      return watching.add({ read, next, failed });
    },
    async close() {
      closed = true;
      watching.close();
      connection.close();
    },
  };
}

interface Commit {
  readonly connection: Connection;
  readonly opened: OpenFile;
  readonly now: Date;
}

/** Returns the time of the commit in microseconds. */
function commitNow({ connection, opened, now }: Commit, writes: readonly CheckedWrite[]): number {
  const timeUs = connection.transaction(() => {
    opened.checkForWriting(false);
    const commitUs = nextCommitTime(connection, now);
    for (const write of writes) applyWrite(connection, write, commitUs);
    return commitUs;
  });
  opened.checkForWriting(true);
  return timeUs;
}

/** For what cannot wait: that the file is busy is thrown as it is. */
function explained<Result>(file: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw isBusy(error) ? error : asDocumentsError(error, file);
  }
}

function notBegun(message: string): DocumentsError {
  return new DocumentsError('unavailable', message, { mayBeApplied: false });
}

function unlessBusy(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    if (!isBusy(error)) throw error;
  }
}

function otherCommits(connection: Connection): string {
  return String(connection.first('PRAGMA data_version', [])?.[0]);
}
