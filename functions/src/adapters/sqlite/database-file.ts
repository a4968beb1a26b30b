import type { Clock } from '#core/clock.ts';
import type { CheckedWrite } from '#ports/documents/document-writes.ts';
import { DocumentsError, type TimeLimit } from '#ports/documents/documents.ts';
import { applyWrite } from './apply-write.ts';
import { openConnection, type Connection } from './connection.ts';
import { nextCommitTime, noticeClock } from './database-time.ts';
import { asDocumentsError, isBusy } from './failure.ts';
import { openFile, type OpenFile } from './open-file.ts';
import { BUSY_LIMIT_MS, waitWhileBusy } from './wait-while-busy.ts';

/** One open database file, which other processes may use too. */
export interface DatabaseFile {
  readonly connection: Connection;
  /**
   * Calls `action` when no other process has the file locked. Throws `unavailable`, without calling it, if the file is
   * closed, deleted or replaced, or locked for 5 seconds or the given limit; for SQLite's errors see `failure.ts`.
   */
  whenFree<Result>(action: () => Result, limit?: TimeLimit): Promise<Result>;
  /** Calls `action` without waiting: an error that the file is busy is thrown unchanged. */
  atOnce<Result>(action: () => Result): Result;
  /** Applies all writes or none. Returns the time of the commit in microseconds. */
  commit(writes: readonly CheckedWrite[]): number;
  /** Changes after every commit of any process. Throws as `atOnce` does, and if the file was deleted or replaced. */
  version(): string;
  close(): void;
}

/** Opens the file, or `:memory:`. Throws `unavailable` if it cannot be opened. */
export function openDatabaseFile(file: string, clock: Clock): DatabaseFile {
  const connection = openConnection(file);
  const opened = openFile(file);
  let closed = false;
  let ownCommits = 0;
  unlessBusy(() => noticeClock(connection, clock.now()));

  const atOnce: DatabaseFile['atOnce'] = (action) => explained(file, action);
  return {
    connection,
    atOnce,
    async whenFree(action, limit) {
      const limitMs = Math.min(limit?.timeoutMs ?? BUSY_LIMIT_MS, BUSY_LIMIT_MS);
      if (!(limitMs > 0)) throw notBegun(`No time was left for the database ${file}.`);
      return waitWhileBusy({ clock, file, limitMs }, () => {
        if (closed) throw notBegun(`The database ${file} is closed.`);
        opened.checkForReading();
        return action();
      });
    },
    commit(writes) {
      const timeUs = commitNow({ connection, opened, now: clock.now() }, writes);
      ownCommits += 1;
      return timeUs;
    },
    version() {
      opened.checkForReading();
      return atOnce(() => `${ownCommits}/${otherCommits(connection)}`);
    },
    close() {
      closed = true;
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

/** For calls that cannot wait: an error that the file is busy is thrown unchanged. */
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
