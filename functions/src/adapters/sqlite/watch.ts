import type { Clock } from '#core/clock.ts';
import { DocumentsError } from '#ports/documents/documents.ts';
import type { StoredDocument } from '#ports/documents/documents.ts';
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
  /** Looks at once instead of at the next poll, or 50 ms after the last such look. */
  wake(): void;
  close(): void;
}

/**
 * Watches by looking at `version` (a number that moves with every commit of any process) every 200 ms, and only while
 * somebody watches; so a commit of another process is noticed within 200 ms, an own one within 50 ms. A query is read
 * again only after a commit, and told of only when its answer differs.
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

/** Who watches, with what was last told and at which version. */
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
    // Whoever holds the file lets go of it; then the next look finds what has changed.
    if (isBusy(error)) return;
    active.delete(watcher);
    watcher.failed(unreadable(error));
  }
}

function unreadable(error: unknown): DocumentsError {
  if (error instanceof DocumentsError) return error;
  return new DocumentsError('unavailable', 'The database could not be read while it was watched.', { cause: error });
}

/** Polls for as long as `poll` says that it is worth it; `start` does nothing where it goes on already. */
function polling(poll: () => boolean, clock: Pick<Clock, 'after'>): { start(): void; stop(): void } {
  let cancelNext: (() => void) | undefined;

  function start(): void {
    cancelNext ??= clock.after(POLL_INTERVAL_MS, () => {
      cancelNext = undefined;
      // Who was told may have begun to watch something else, and so the next poll.
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
