import type { Clock } from '../../engine/clock.ts';
import { DocumentsError } from '../../ports/documents.ts';
import type { StoredDocument } from '../../ports/documents.ts';

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
  /** Looks at once instead of at the next poll. */
  wake(): void;
  close(): void;
}

/**
 * Watches by looking at `version` (a number that moves with every commit of any process) every 200 ms, and only while
 * somebody watches. A query is read again only after a commit, and told of only when its answer differs.
 */
export function watchers(version: () => string, clock: Pick<Clock, 'after'>): Watchers {
  const active = new Map<Watcher, { version: string; answer: string } | undefined>();
  let cancelPoll: (() => void) | undefined;
  let woken = false;

  function look(): void {
    for (const watcher of active.keys()) lookFor(watcher);
  }

  function lookFor(watcher: Watcher): void {
    try {
      const now = version();
      const before = active.get(watcher);
      if (before?.version === now) return;
      const documents = watcher.read();
      const answer = JSON.stringify(documents.map(({ path, updateTime }) => [path, updateTime]));
      active.set(watcher, { version: now, answer });
      if (before?.answer !== answer) watcher.next(documents);
    } catch (error) {
      active.delete(watcher);
      watcher.failed(
        error instanceof DocumentsError
          ? error
          : new DocumentsError('unavailable', 'The database could not be read while it was watched.', { cause: error }),
      );
    }
  }

  function poll(): void {
    if (active.size === 0) {
      cancelPoll = undefined;
      return;
    }
    look();
    cancelPoll = clock.after(POLL_INTERVAL_MS, poll);
  }

  function wake(): void {
    if (woken || active.size === 0) return;
    woken = true;
    queueMicrotask(() => {
      woken = false;
      look();
    });
  }

  function close(): void {
    active.clear();
    cancelPoll?.();
    cancelPoll = undefined;
  }

  return {
    add(watcher) {
      active.set(watcher, undefined);
      cancelPoll ??= clock.after(POLL_INTERVAL_MS, poll);
      wake();
      return () => {
        active.delete(watcher);
        if (active.size === 0) close();
      };
    },
    wake,
    close,
  };
}
