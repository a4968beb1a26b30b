import { statSync } from 'node:fs';
import { fileGone } from './failure.ts';

/** The files that one connection has open. */
export interface OpenFile {
  /**
   * Throws `unavailable` if the path no longer leads to the opened file. Writes to a deleted file are lost, and SQLite
   * does not report it.
   */
  checkForReading(): void;
  /** The same, and also for the write-ahead log, which may be deleted separately. `isDone`: a commit has just ended. */
  checkForWriting(isDone: boolean): void;
}

/** The file now open under this path; called just after SQLite has opened it. `:memory:` always exists. */
export function openFile(file: string): OpenFile {
  const log = `${file}-wal`;
  const before = { file: identityOf(file), log: identityOf(log) };
  // In memory, or a name that is not a path.
  if (before.file === undefined) return { checkForReading: () => undefined, checkForWriting: () => undefined };

  return {
    checkForReading() {
      if (identityOf(file) !== before.file) throw fileGone(file, false);
    },
    checkForWriting(isDone) {
      if (identityOf(file) !== before.file || identityOf(log) !== before.log) throw fileGone(file, isDone);
    },
  };
}

function identityOf(path: string): string | undefined {
  if (path.startsWith(':')) return undefined;
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? undefined : `${stat.dev}/${stat.ino}`;
}
