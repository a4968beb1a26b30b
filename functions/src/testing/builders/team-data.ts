import { DAY_MS } from '#core/duration.ts';
import type { DocumentData, Documents } from '#ports/documents/documents.ts';
import { seededRandom } from '../simulation/seeded-random.ts';

/** Documents of one collection, by id. */
export type Rows<Row extends DocumentData = DocumentData> = Readonly<Record<string, Row>>;

/** Writes the team's data as `platform.yaml` of the project maps it. */
export async function keep(documents: Documents, collections: Readonly<Record<string, Rows>>): Promise<void> {
  const writes = Object.entries(collections).flatMap(([collection, rows]) =>
    Object.entries(rows).map(([id, data]) => ({ kind: 'create', path: `${collection}/${id}`, data }) as const),
  );
  for (let from = 0; from < writes.length; from += 400) await documents.commit(writes.slice(from, from + 400));
}

/** Picks from lists, in the same order in every run. */
export function picker(seed: number): <Item>(items: readonly [Item, ...Item[]]) => Item {
  const random = seededRandom(seed);
  return (items) => items[Math.floor(random() * items.length)] ?? items[0];
}

/**
 * Instants on both sides of the beginning of each window of so many days, and exactly there: what is measured wrongly by
 * a millisecond counts one of them wrongly.
 */
export function aroundWindows(now: Date, days: readonly number[]): [Date, ...Date[]] {
  const edges = [0, ...days].flatMap((count) => {
    const edgeMs = now.getTime() - count * DAY_MS;
    return [new Date(edgeMs - 1), new Date(edgeMs), new Date(edgeMs + 1)];
  });
  return [new Date(now.getTime() - 400 * DAY_MS), ...edges];
}
