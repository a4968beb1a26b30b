import type { Clock } from '#core/clock.ts';
import { jsonDigest } from '#core/json-digest.ts';
import { DocumentsError, type DocumentsErrorCode } from '#ports/documents/documents.ts';

/**
 * How often a change is tried before it is given up. Of any number of competing writers, one succeeds in each round, so this
 * many can change the same record at the same moment.
 */
export const MAX_TRIES = 30;

const PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 250;

/** The result of one attempt. `again`: nothing was written, and what was read may be outdated. */
export type Try<Result> =
  { readonly kind: 'done'; readonly result: Result } | { readonly kind: 'again'; readonly cause: DocumentsError };

/** How a change waits between its attempts, and how it ends when all have failed. */
export interface Trying {
  /** Waits after a lost attempt, whose number it gets (from 1); without it, the next attempt follows immediately. */
  readonly pause?: (tries: number) => Promise<void>;
  /** The error to throw when the last attempt has lost; without it, the cause of that attempt. */
  readonly gaveUp?: (cause: DocumentsError) => Error;
}

/**
 * Makes a change without a lock: `attempt` reads, decides and commits on the condition that nothing has changed since. It is
 * called again when something has, at most `MAX_TRIES` times. Throws what `attempt` throws, and what `gaveUp` returns.
 */
export async function optimistically<Result>(
  attempt: () => Promise<Try<Result>>,
  { pause, gaveUp = (cause) => cause }: Trying = {},
): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    const tried = await attempt();
    if (tried.kind === 'done') return tried.result;
    if (tries >= MAX_TRIES) throw gaveUp(tried.cause);
    await pause?.(tries);
  }
}

/** The end of an attempt: `result` once the conditional commit succeeds, `again` when it lost a race. Throws other errors. */
export async function unlessRaced<Result>(commit: Promise<unknown>, result: Result): Promise<Try<Result>> {
  try {
    await commit;
    return { kind: 'done', result };
  } catch (thrown) {
    if (!(thrown instanceof DocumentsError) || !isRace(thrown)) throw thrown;
    return { kind: 'again', cause: thrown };
  }
}

const RACES: ReadonlySet<DocumentsErrorCode> = new Set(['already_exists', 'conflict', 'not_found']);

/** Whether another writer created, changed or deleted a record between our read and our write. */
export function isRace({ code }: DocumentsError): boolean {
  return RACES.has(code);
}

/**
 * Pauses of a random length, whose limit grows to 250 ms. `seed` must differ between writers, so that colliding writers do
 * not collide again.
 */
export function randomPause(clock: Pick<Clock, 'sleep'>, seed: string): (tries: number) => Promise<void> {
  return (tries) => {
    const share = Number.parseInt(jsonDigest([seed, tries]).slice(0, 4), 16) / 0xffff;
    return clock.sleep(Math.round(share * Math.min(LONGEST_PAUSE_MS, tries * PAUSE_MS)));
  };
}
