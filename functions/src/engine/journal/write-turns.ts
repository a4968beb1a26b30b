/** Counts writes that follow each other, for those who wait for one of them. */
export interface WriteTurns {
  begin(): void;
  end(): void;
  /** No write follows any more, for whatever reason. */
  stop(): void;
  /** Resolves when the write that is under way has ended, or the one after it; or with `stop`. */
  ended(which: 'this' | 'next', isStopped: () => boolean): Promise<void>;
}

export function writeTurns(): WriteTurns {
  let begun = 0;
  let ended = 0;
  let turn = Promise.withResolvers<void>();
  function pass(): void {
    turn.resolve();
    turn = Promise.withResolvers();
  }
  return {
    begin: () => void (begun += 1),
    end() {
      ended = begun;
      pass();
    },
    stop: pass,
    async ended(which, isStopped) {
      const last = which === 'next' ? begun + 1 : begun;
      while (!isStopped() && ended < last) await turn.promise;
    },
  };
}
