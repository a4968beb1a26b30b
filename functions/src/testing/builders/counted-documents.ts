import type { Documents, StoredDocument } from '#ports/documents/documents.ts';

/** The use of a database. */
export interface DocumentCounts {
  /** Calls that waited for the database. */
  readonly roundTrips: number;
  /**
   * Returned documents, in full or selected fields; 1 for a get that found nothing; for a watch, each document that is new or
   * has changed since the previous answer, as Firestore bills it.
   */
  readonly reads: number;
  /** Documents written or deleted, including those of failed commits. */
  readonly writes: number;
}

/** A documents port that counts, for tests and benchmarks. */
export interface CountedDocuments extends Documents {
  counts(): DocumentCounts;
  /** Sets the counts to 0. */
  reset(): void;
}

/** Wraps `documents` to count its use; its behaviour does not change. */
export function countedDocuments(documents: Documents): CountedDocuments {
  let counts = { roundTrips: 0, reads: 0, writes: 0 };

  return {
    counts: () => ({ ...counts }),
    reset() {
      counts = { roundTrips: 0, reads: 0, writes: 0 };
    },
    async get(path, limit) {
      counts.roundTrips += 1;
      counts.reads += 1;
      return documents.get(path, limit);
    },
    async commit(writes, limit) {
      counts.roundTrips += 1;
      counts.writes += writes.length;
      return documents.commit(writes, limit);
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
    watch(query, next, failed) {
      let known: ReadonlyMap<string, string> = new Map();
      const told = (found: readonly StoredDocument[]): void => {
        counts.reads += found.filter(({ path, updateTime }) => known.get(path) !== updateTime).length;
        known = new Map(found.map(({ path, updateTime }) => [path, updateTime]));
        next(found);
      };
      return documents.watch(query, told, failed);
    },
    close: () => documents.close(),
  };
}
