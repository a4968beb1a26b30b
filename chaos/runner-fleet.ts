import { fileURLToPath } from 'node:url';
import { startRunnerProcess, type RunnerProcess } from '#testing/runner/runner-process.ts';

const FAULT_POINTS = fileURLToPath(new URL('fault-points.mjs', import.meta.url));

/** The processes of the built function. */
export interface RunnerFleet {
  /** A runner that nobody uses: one that has started ahead, unless `env` asks for a special one. */
  take(env?: Readonly<Record<string, string>>): Promise<RunnerProcess>;
  /** Gives back a runner that is well; the next `take` may return it. */
  giveBack(runner: RunnerProcess): void;
  /** Kills them all. */
  close(): Promise<void>;
}

/** Starts two runners ahead, because a start takes longer than an execution. */
export function openFleet(source: string, env: Readonly<Record<string, string>>): RunnerFleet {
  const started: Promise<RunnerProcess>[] = [];
  const ahead: Promise<RunnerProcess>[] = [];

  function start(more: Readonly<Record<string, string>> = {}): Promise<RunnerProcess> {
    const runner = startRunnerProcess({ source, env: { ...env, ...more }, preload: [FAULT_POINTS] });
    started.push(runner);
    return runner;
  }
  function fill(): void {
    while (ahead.length < 2) ahead.push(start());
  }

  fill();
  return {
    async take(more) {
      if (more !== undefined) return start(more);
      const next = ahead.shift() ?? start();
      fill();
      return next;
    },
    giveBack(runner) {
      ahead.unshift(Promise.resolve(runner));
    },
    async close() {
      for (const runner of await Promise.allSettled(started)) {
        if (runner.status === 'fulfilled') await runner.value.kill();
      }
    },
  };
}
