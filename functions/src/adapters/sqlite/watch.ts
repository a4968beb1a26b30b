import type { Clock } from '#core/clock.ts';
import { DocumentsError, type StoredDocument } from '#ports/documents/documents.ts';
import { isBusy } from './failure.ts';
import { spacedLooks } from './spaced-looks.ts';

const POLL_INTERVAL_MS = 200;

/** One watched query. */
export interface Watcher {
  read(): readonly StoredDocument[];
  next(documents: readonly StoredDocument[]): void;
  failed(error: DocumentsError): void;
}

/** All watched queries of one connection. */
export interface Watchers {
  /** Calls the watcher soon, then after each change of its answer, until the returned function is called. */
  add(watcher: Watcher): () => void;
  /** Looks immediately instead of at the next poll, or 50 ms after the last such look. */
  wake(): void;
  close(): void;
}

/**
 * Watches by polling `version` (which changes with every commit of any process) every 200 ms, only while there are
 * watchers; so commits of other processes are noticed within 200 ms, those of this process within 50 ms. A query is
 * read again only after a commit, and reported only if its result differs.
 */
export function watchers(version: () => string, clock: Pick<Clock, 'after' | 'now'>): Watchers {
  const active: ActiveWatchers = new Map();
  const look = (): void => {
    for (const watcher of active.keys()) lookFor(watcher, active, version);
  };
  const ownCommits = spacedLooks(look, clock);
  const polls = polling(() => {
    look();
    return active.size > 0;
  }, clock);

  function close(): void {
    active.clear();
    polls.stop();
    ownCommits.cancel();
  }

  return {
    add(watcher) {
      active.set(watcher, undefined);
      polls.start();
      queueMicrotask(() => {
        if (active.has(watcher)) lookFor(watcher, active, version);
      });
      return () => {
        active.delete(watcher);
        if (active.size === 0) close();
      };
    },
    wake() {
      if (active.size > 0) ownCommits.soon();
    },
    close,
  };
}

/** The watchers, each with the last reported result and its version. */
type ActiveWatchers = Map<Watcher, { readonly version: string; readonly answer: string } | undefined>;

function lookFor(watcher: Watcher, active: ActiveWatchers, version: () => string): void {
  try {
    const now = version();
    const before = active.get(watcher);
    if (before?.version === now) return;
    const documents = watcher.read();
    const answer = JSON.stringify(documents.map(({ path, updateTime }) => [path, updateTime]));
    active.set(watcher, { version: now, answer });
    if (before?.answer !== answer) watcher.next(documents);
  } catch (error) {
    // The lock on the file will be released; then the next look finds the changes.
    if (isBusy(error)) return;
    active.delete(watcher);
    watcher.failed(unreadable(error));
  }
}

function unreadable(error: unknown): DocumentsError {
  if (error instanceof DocumentsError) return error;
  return new DocumentsError('unavailable', 'The database could not be read while it was watched.', { cause: error });
}

/** Polls for as long as `poll` returns true; `start` does nothing if polling has already started. */
function polling(poll: () => boolean, clock: Pick<Clock, 'after'>): { start(): void; stop(): void } {
  let cancelNext: (() => void) | undefined;

  function start(): void {
    cancelNext ??= clock.after(POLL_INTERVAL_MS, () => {
      cancelNext = undefined;
      // The callback may have started another watch, and with it the next poll.
      if (poll()) start();
    });
  }

  return {
    start,
    stop() {
      cancelNext?.();
      cancelNext = undefined;
    },
  };
}
