import type { Clock } from '#core/clock.ts';
import type { Documents, StoredDocument } from '#ports/documents/documents.ts';
import { queriesOf } from './topics.ts';

/** Gets the newest `updatedAt` among the watched documents (ms), and whether it is the first look. */
export type Listener = (change: { readonly newestMs: number; readonly first: boolean }) => void;

/** Everybody who watches, and what. */
export interface Hub {
  /** Undefined for a topic that does not exist. The returned function ends it. */
  subscribe(topic: string, listener: Listener): (() => void) | undefined;
  /** How many topics are watched at this moment. */
  readonly topics: number;
  close(): void;
}

interface Watched {
  readonly listeners: Set<Listener>;
  readonly newestMs: Map<number, number>;
  unwatch(): void;
}

const WATCH_AGAIN_MS = 5_000;
/** Several changes within this time are told of once. */
const GATHER_MS = 150;

/**
 * One watch per topic, however many browsers look at it. A watch that fails is begun again after 5 s: until then its pages
 * stay as they are.
 */
export function openHub(documents: Pick<Documents, 'watch'>, clock: Pick<Clock, 'after'>): Hub {
  const watched = new Map<string, Watched>();

  return {
    subscribe(topic, listener) {
      const known = watched.get(topic) ?? beginWatching(documents, clock, topic);
      if (known === undefined) return undefined;
      watched.set(topic, known);
      known.listeners.add(listener);
      if (known.newestMs.size > 0) listener({ newestMs: newestOf(known.newestMs), first: true });
      return () => {
        known.listeners.delete(listener);
        if (known.listeners.size > 0 || watched.get(topic) !== known) return;
        known.unwatch();
        watched.delete(topic);
      };
    },
    get topics() {
      return watched.size;
    },
    close() {
      for (const known of watched.values()) known.unwatch();
      watched.clear();
    },
  };
}

/** Watches what stands behind a topic; undefined for one that does not exist. */
function beginWatching(
  documents: Pick<Documents, 'watch'>,
  clock: Pick<Clock, 'after'>,
  topic: string,
): Watched | undefined {
  const queries = queriesOf(topic);
  if (queries === undefined) return undefined;
  const listeners = new Set<Listener>();
  const newestMs = new Map<number, number>();
  const stops = new Map<number, () => void>();
  let cancelTelling: (() => void) | undefined;

  function tell(): void {
    cancelTelling ??= clock.after(GATHER_MS, () => {
      cancelTelling = undefined;
      for (const listener of listeners) listener({ newestMs: newestOf(newestMs), first: false });
    });
  }
  function look(index: number): void {
    const query = queries?.[index];
    if (query === undefined) return;
    const stop = documents.watch(
      query,
      (found) => {
        const first = !newestMs.has(index);
        newestMs.set(index, newestUpdate(found));
        if (!first) tell();
        else if (newestMs.size === queries?.length) {
          for (const listener of listeners) listener({ newestMs: newestOf(newestMs), first: true });
        }
      },
      () =>
        stops.set(
          index,
          clock.after(WATCH_AGAIN_MS, () => look(index)),
        ),
    );
    stops.set(index, stop);
  }
  queries.forEach((_, index) => look(index));
  return {
    listeners,
    newestMs,
    unwatch: () => {
      cancelTelling?.();
      for (const stop of stops.values()) stop();
    },
  };
}

function newestOf(byQuery: ReadonlyMap<number, number>): number {
  return Math.max(0, ...byQuery.values());
}

function newestUpdate(documents: readonly StoredDocument[]): number {
  return Math.max(0, ...documents.map(({ updatedAt }) => updatedAt.getTime()));
}
