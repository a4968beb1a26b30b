import type { Documents } from '../ports/documents.ts';

/** What has been asked of a database. Watching is not counted. */
export interface DocumentCounts {
  /** Calls that waited for the database. */
  readonly roundTrips: number;
  /** Documents that came back; 1 for a get that found nothing, as Firestore bills it. */
  readonly reads: number;
  /** Documents written or deleted, also by a commit that failed. */
  readonly writes: number;
}

/** A documents port that counts, for tests and benchmarks. */
export interface CountedDocuments extends Documents {
  counts(): DocumentCounts;
  /** Starts again from 0. */
  reset(): void;
}

/** Wraps `documents` so that what goes to it is counted; everything else stays as it is. */
export function countedDocuments(documents: Documents): CountedDocuments {
  let counts = { roundTrips: 0, reads: 0, writes: 0 };

  return {
    counts: () => ({ ...counts }),
    reset() {
      counts = { roundTrips: 0, reads: 0, writes: 0 };
    },
    async get(path) {
      counts.roundTrips += 1;
      counts.reads += 1;
      return documents.get(path);
    },
    async commit(writes) {
      counts.roundTrips += 1;
      counts.writes += writes.length;
      return documents.commit(writes);
    },
    async query(query) {
      counts.roundTrips += 1;
      const found = await documents.query(query);
      counts.reads += found.length;
      return found;
    },
    async aggregate(query, sums) {
      counts.roundTrips += 1;
      return documents.aggregate(query, sums);
    },
    watch: (query, next, failed) => documents.watch(query, next, failed),
    close: () => documents.close(),
  };
}
