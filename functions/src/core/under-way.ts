/** Work that has begun and not ended yet. */
export interface UnderWay {
  add(work: Promise<unknown>): void;
  /** Resolves when nothing is under way any more, nor anything that was added meanwhile. */
  ended(): Promise<void>;
}

/** Nothing is under way at first. */
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
