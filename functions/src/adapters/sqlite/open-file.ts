import { statSync } from 'node:fs';
import { fileGone } from './failure.ts';

/** The files that one connection has open. */
export interface OpenFile {
  /**
   * Throws `unavailable` where the path does not lead to the file that was opened any more. Whoever writes to a deleted file
   * writes to nowhere, and SQLite does not mind.
   */
  checkForReading(): void;
  /** The same, and for the log of what was written last, which may be deleted alone. `isDone`: a commit has just ended. */
  checkForWriting(isDone: boolean): void;
}

/** What is open under this path now; asked when SQLite has just opened it. `:memory:` is always there. */
export function openFile(file: string): OpenFile {
  const log = `${file}-wal`;
  const before = { file: identityOf(file), log: identityOf(log) };
  // In memory, or behind a name that is no path.
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
