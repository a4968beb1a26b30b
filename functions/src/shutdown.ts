import type { Clock } from '#core/clock.ts';
import { underWay } from '#core/under-way.ts';
import { ShuttingDown, type Shutdown } from '#engine/state/run-state.ts';

/** How long an effect that could happen twice may still take once nothing new begins. */
const UNKEYED_GRACE_MS = 6_000;
/** Callers still waiting by then are answered, whatever hangs: the lease expires by itself. */
const ANSWER_LIMIT_MS = 7_500;
/** Cloud Run gives ten seconds. */
const SHUTDOWN_LIMIT_MS = 9_000;

/** The graceful end of a process. */
export interface ShutdownControl {
  /** What the engine obeys. */
  readonly signals: Shutdown;
  /** Adds an answer to those that the shutdown waits for; `late` is the answer if it takes too long. */
  follow<Value>(answer: Promise<Value>, late: Value): Promise<Value>;
  /** Resolves when all work has ended, after at most 9 seconds. */
  begin(): Promise<void>;
}

/** Everything runs until `begin` is called. */
export function shutdown(clock: Clock): ShutdownControl {
  const begun = new AbortController();
  const over = new AbortController();
  const tooLate = Promise.withResolvers<void>();
  const answers = underWay();
  return {
    signals: { begun: begun.signal, over: over.signal },
    async follow(answer, late) {
      const given = Promise.race([answer, tooLate.promise.then(() => late)]);
      answers.add(given);
      return given;
    },
    async begin() {
      begun.abort(new ShuttingDown());
      const limit = Promise.withResolvers<void>();
      const cancels = [
        clock.after(UNKEYED_GRACE_MS, () => over.abort(new ShuttingDown())),
        clock.after(ANSWER_LIMIT_MS, tooLate.resolve),
        clock.after(SHUTDOWN_LIMIT_MS, limit.resolve),
      ];
      // Includes calls that arrive meanwhile: each of them is answered soon.
      await Promise.race([answers.ended(), limit.promise]);
      for (const cancel of cancels) cancel();
    },
  };
}
