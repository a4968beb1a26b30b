/** Work in progress. */
export interface UnderWay {
  add(work: Promise<unknown>): void;
  /** Resolves once all work has ended, including work added in the meantime. */
  ended(): Promise<void>;
}

/** Begins without any work. */
export function underWay(): UnderWay {
  const begun = new Set<Promise<unknown>>();
  return {
    add(work) {
      const forget = (): boolean => begun.delete(work);
      begun.add(work);
      work.then(forget, forget);
    },
    async ended() {
      while (begun.size > 0) await Promise.allSettled(begun);
    },
  };
}
