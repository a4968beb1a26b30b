import type { Clock } from '#core/clock.ts';
import type { Documents, Query, StoredDocument } from '#ports/documents/documents.ts';
import { queriesOf } from './topics.ts';

/** Gets the newest `updatedAt` among the watched documents (ms), and whether it is the first look. */
export type Listener = (change: { readonly newestMs: number; readonly first: boolean }) => void;

/** The watch of one topic, and those who listen to it. */
export interface TopicWatch {
  readonly listeners: Set<Listener>;
  /** By the query behind the topic; empty until one was looked at. */
  readonly newestMs: ReadonlyMap<number, number>;
  unwatch(): void;
}

const WATCH_AGAIN_MS = 5_000;
/** Several changes within this time are told of once. */
const GATHER_MS = 150;

type Watching = Pick<Documents, 'watch'>;
type Timer = Pick<Clock, 'after'>;

/** Watches what stands behind a topic; undefined for one that does not exist. */
export function watchTopic(documents: Watching, clock: Timer, topic: string): TopicWatch | undefined {
  const queries = queriesOf(topic);
  if (queries === undefined) return undefined;
  const listeners = new Set<Listener>();
  const newestMs = new Map<number, number>();
  const tell = (first: boolean): void => {
    for (const listener of listeners) listener({ newestMs: newestOf(newestMs), first });
  };
  const changes = gathered(clock, () => tell(false));
  const stops = queries.map((query, index) =>
    keepWatching(documents, clock, query, (found) => {
      const first = !newestMs.has(index);
      newestMs.set(index, newestUpdate(found));
      if (!first) changes.tellSoon();
      else if (newestMs.size === queries.length) tell(true);
    }),
  );
  const unwatch = (): void => {
    changes.cancel();
    for (const stop of stops) stop();
  };
  return { listeners, newestMs, unwatch };
}

/** Tells of all that happens within a moment once. */
function gathered(clock: Timer, tell: () => void) {
  let cancel: (() => void) | undefined;
  return {
    tellSoon() {
      cancel ??= clock.after(GATHER_MS, () => {
        cancel = undefined;
        tell();
      });
    },
    cancel: () => cancel?.(),
  };
}

/** Watches a query, again whenever that failed, until the returned function is called. */
function keepWatching(
  documents: Watching,
  clock: Timer,
  query: Query,
  next: (found: readonly StoredDocument[]) => void,
): () => void {
  let stop = (): void => undefined;
  function look(): void {
    stop = documents.watch(query, next, () => {
      stop = clock.after(WATCH_AGAIN_MS, look);
    });
  }
  look();
  return () => stop();
}

/** Over all queries. */
export function newestOf(byQuery: ReadonlyMap<number, number>): number {
  return Math.max(0, ...byQuery.values());
}

function newestUpdate(documents: readonly StoredDocument[]): number {
  return Math.max(0, ...documents.map(({ updatedAt }) => updatedAt.getTime()));
}
