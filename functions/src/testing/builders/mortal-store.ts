import type { ExecutionStore } from '#engine/record/execution-store.ts';
import type { FakeClock } from './fake-clock.ts';

/** The store of a process that will be killed. */
export interface MortalStore {
  readonly store: ExecutionStore;
  /** Resolves when the process has been killed. */
  readonly died: Promise<void>;
  /** How many calls were answered so far. */
  calls(): number;
  /** Kills the process: nothing is answered any more. */
  kill(): void;
}

const forever = new Promise<never>(() => undefined);

/** A store that answers so many calls and then never again, as for a process that is killed. */
export function dyingAfter(store: ExecutionStore, mostCalls = Infinity): MortalStore {
  const death = Promise.withResolvers<void>();
  let calls = 0;
  let isDead = false;
  const kill = (): void => {
    isDead = true;
    death.resolve();
  };
  const mortal =
    <Args extends readonly unknown[], Answer>(call: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      if (calls >= mostCalls) kill();
      if (isDead) return forever;
      calls += 1;
      return call(...args);
    };
  return {
    store: {
      create: mortal(store.create),
      read: mortal(store.read),
      readIterations: mortal(store.readIterations),
      write: mortal(store.write),
      saveOutput: mortal(store.saveOutput),
      loadOutput: mortal(store.loadOutput),
    },
    died: death.promise,
    calls: () => calls,
    kill,
  };
}

/** The clock of another machine, which is behind. */
export function behind(clock: FakeClock, byMs: number): FakeClock {
  return { ...clock, now: () => new Date(clock.now().getTime() - byMs) };
}
