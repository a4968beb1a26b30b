import { systemClock } from '#adapters/system-clock.ts';
import type { LocalJob } from './delivery-queues.ts';
import type { LocalStack } from './local-stack.ts';
import { quietSleep } from '../processes/quiet-sleep.ts';
import { runOnce, type Ran } from './run-once.ts';
import { ranLine } from './start-report.ts';
import type { Terminal } from '../terminal/terminal.ts';

/**
 * One after the other, so that each measures an idle machine; but no playbook waits longer than this for the one
 * before.
 */
const NEXT_AFTER_MS = 3_000;

/**
 * Runs the playbook of every job once, ordered by id, and prints each when it has ended. After `stop` aborts, no other
 * begins. Resolves to their results, in that order.
 */
export async function firstRound(
  jobs: readonly LocalJob[],
  stack: Pick<LocalStack, 'documents' | 'call'>,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<readonly Ran[]> {
  const status = runningStatus(terminal, stop);
  async function run(job: LocalJob): Promise<Ran> {
    status.begin(job.playbookName);
    const ran = await runOnce(job, stack);
    status.end(job.playbookName, ranLine(ran, jobs, terminal));
    return ran;
  }

  const running: Promise<Ran>[] = [];
  for (const job of jobs) {
    if (stop.aborted) break;
    const ran = run(job);
    running.push(ran);
    await Promise.race([ran, quietSleep(systemClock, NEXT_AFTER_MS, stop)]);
  }
  return Promise.all(running);
}

/** Shows the names of what is under way below the lines of what has ended, until `stop` aborts. */
function runningStatus(terminal: Terminal, stop: AbortSignal) {
  const underWay = new Set<string>();
  const show = (): void =>
    terminal.status(underWay.size === 0 || stop.aborted ? '' : `Running ${[...underWay].join(', ')}…`);
  return {
    begin(name: string) {
      underWay.add(name);
      show();
    },
    end(name: string, line: string) {
      underWay.delete(name);
      if (!stop.aborted) terminal.out(line);
      show();
    },
  };
}
