import type { Clock } from '../../engine/clock.ts';
import { DocumentsError } from '../../ports/documents.ts';

const BUSY_LIMIT_MS = 5_000;
const SQLITE_BUSY = 5;

/**
 * Resolves to what `action` returns; tries again every few milliseconds while another process holds the file, without
 * blocking this one. Throws `unavailable` after 5 seconds of that, and for every other failure of SQLite.
 */
export async function waitWhileBusy<Result>(clock: Clock, file: string, action: () => Result): Promise<Result> {
  const startMs = clock.now().getTime();
  for (;;) {
    try {
      return action();
    } catch (error) {
      if (!isBusy(error) || clock.now().getTime() - startMs >= BUSY_LIMIT_MS) throw asDocumentsError(error, file);
    }
    await clock.sleep(5 + Math.random() * 15);
  }
}

function isBusy(error: unknown): boolean {
  // Extended codes keep the plain one in their lowest byte.
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
}

function asDocumentsError(error: unknown, file: string): unknown {
  if (!(error instanceof Error && 'errcode' in error)) return error;
  const why = isBusy(error) ? 'other processes have kept it busy for 5 seconds' : error.message;
  return new DocumentsError('unavailable', `The database ${file} cannot be used: ${why}.`, { cause: error });
}
