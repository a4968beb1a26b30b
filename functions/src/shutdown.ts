import type { Clock } from './engine/clock.ts';
import { ShuttingDown } from './engine/run-state.ts';
import type { Shutdown } from './engine/run-state.ts';

/** How long an effect that could happen twice may still take, once nothing new begins. */
const UNKEYED_GRACE_MS = 6_000;
/** Cloud Run gives ten seconds. */
const SHUTDOWN_LIMIT_MS = 9_000;

/** The end of a process in good order. */
export interface ShutdownControl {
  /** What the engine obeys. */
  readonly signals: Shutdown;
  /** Counts an answer among those that the end waits for. */
  follow<Value>(answer: Promise<Value>): Promise<Value>;
  /** Resolves when nothing is under way any more, at the latest after 9 seconds. */
  begin(): Promise<void>;
}

export function shutdown(clock: Clock): ShutdownControl {
  const begun = new AbortController();
  const over = new AbortController();
  const underWay = new Set<Promise<unknown>>();

  return {
    signals: { begun: begun.signal, over: over.signal },
    async follow(answer) {
      underWay.add(answer);
      try {
        return await answer;
      } finally {
        underWay.delete(answer);
      }
    },
    async begin() {
      begun.abort(new ShuttingDown());
      const limit = Promise.withResolvers<void>();
      const cancels = [
        clock.after(UNKEYED_GRACE_MS, () => over.abort(new ShuttingDown())),
        clock.after(SHUTDOWN_LIMIT_MS, limit.resolve),
      ];
      await Promise.race([Promise.allSettled(underWay), limit.promise]);
      for (const cancel of cancels) cancel();
    },
  };
}
