import type { Clock } from '#core/clock.ts';
import { DocumentsError } from '#ports/documents/documents.ts';
import type { StoredDocument } from '#ports/documents/documents.ts';
import { isBusy } from './failure.ts';

const POLL_INTERVAL_MS = 200;
/** Own commits may come by the hundred each second; each look reads every watched query again. */
const BETWEEN_LOOKS_MS = 50;

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
  const active = new Map<Watcher, { version: string; answer: string } | undefined>();
  const ownCommits = spaced(look, clock);
  let cancelPoll: (() => void) | undefined;

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
      // Whoever holds the file lets go of it; then the next look finds what has changed.
      if (isBusy(error)) return;
      active.delete(watcher);
      watcher.failed(
        error instanceof DocumentsError
          ? error
          : new DocumentsError('unavailable', 'The database could not be read while it was watched.', { cause: error }),
      );
    }
  }

  function poll(): void {
    cancelPoll = undefined;
    look();
    // Who was told may have begun to watch something else, and so the next poll.
    if (active.size > 0) cancelPoll ??= clock.after(POLL_INTERVAL_MS, poll);
  }

  function close(): void {
    active.clear();
    cancelPoll?.();
    cancelPoll = undefined;
    ownCommits.cancel();
  }

  return {
    add(watcher) {
      active.set(watcher, undefined);
      cancelPoll ??= clock.after(POLL_INTERVAL_MS, poll);
      queueMicrotask(() => {
        if (active.has(watcher)) lookFor(watcher);
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

/** Calls `look` behind what runs now, or 50 ms after its last call; however often it is asked for meanwhile, once. */
function spaced(look: () => void, clock: Pick<Clock, 'after' | 'now'>): { soon(): void; cancel(): void } {
  let lookedAtMs = -Infinity;
  let cancelPending: (() => void) | undefined;

  function lookNow(): void {
    cancelPending = undefined;
    lookedAtMs = clock.now().getTime();
    look();
  }

  return {
    soon() {
      if (cancelPending !== undefined) return;
      const waitMs = lookedAtMs + BETWEEN_LOOKS_MS - clock.now().getTime();
      if (waitMs > 0) {
        cancelPending = clock.after(Math.min(waitMs, BETWEEN_LOOKS_MS), lookNow);
      } else {
        // It comes before anything could cancel it.
        cancelPending = () => undefined;
        queueMicrotask(lookNow);
      }
    },
    cancel() {
      cancelPending?.();
      cancelPending = undefined;
    },
  };
}
