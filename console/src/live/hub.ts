import type { Clock } from '#core/clock.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { newestOf, watchTopic, type Listener, type TopicWatch } from './topic-watch.ts';

/** Everybody who watches, and what. */
export interface Hub {
  /** Undefined for a topic that does not exist. The returned function ends it. */
  subscribe(topic: string, listener: Listener): (() => void) | undefined;
  /** How many topics are watched at this moment. */
  readonly topics: number;
  close(): void;
}

/**
 * One watch per topic, however many browsers look at it. A watch that fails is begun again after 5 s: until then its pages
 * stay as they are.
 */
export function openHub(documents: Pick<Documents, 'watch'>, clock: Pick<Clock, 'after'>): Hub {
  const watched = new Map<string, TopicWatch>();

  return {
    subscribe(topic, listener) {
      const known = watched.get(topic) ?? watchTopic(documents, clock, topic);
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
