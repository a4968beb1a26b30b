import type { Clock } from '#core/clock.ts';
import type { JobRetry, JobSpec } from '#ports/scheduler.ts';
import type { RunnerAnswer } from './call-runner.ts';
import { quietSleep } from '../processes/quiet-sleep.ts';

/** More than an execution of thirty minutes can delay of a job that is due each minute. */
const MOST_WAITING = 60;

/** A job of Cloud Scheduler, and the playbook that it runs. */
export interface LocalJob extends JobSpec {
  readonly playbookId: string;
  readonly playbookName: string;
}

/** A job, and an instant at which it is due. */
export interface DueJob {
  readonly job: LocalJob;
  readonly slot: Date;
}

/** How the deliveries of one slot ended: the runner's last answer, or why none came. */
export type Delivered =
  | (DueJob & { readonly kind: 'answered'; readonly answer: RunnerAnswer })
  | (DueJob & { readonly kind: 'unanswered'; readonly problem: string });

/** Slots that will not be delivered, oldest first: the machine slept, or the job fell too far behind. */
export interface PassedOver {
  readonly kind: 'passed_over';
  readonly job: LocalJob;
  readonly slots: readonly Date[];
  readonly reason: 'slept' | 'busy';
}

/** What deliveries need from their surroundings. */
export interface DeliveryWorld {
  readonly clock: Clock;
  /** One call of the runner for a slot. */
  call(job: LocalJob, slot: Date): Promise<RunnerAnswer>;
  /** Called for every slot: that it was delivered, or that it never will be. */
  tell(news: Delivered | PassedOver): void;
}

/** Slots on their way to the runner. */
export interface DeliveryQueues {
  /** Delivers these slots of a job, one after the other, after those that are already waiting. */
  add(job: LocalJob, slots: readonly Date[]): void;
  /** Forgets what is waiting for any other job. */
  keepOnly(jobs: readonly LocalJob[]): void;
  /** Resolves when nothing is under way any more. */
  ended(): Promise<void>;
}

/**
 * Delivers slots to the runner: one at a time per job, several jobs at the same time. A slot whose delivery was not
 * answered with success is delivered again as configured by the job's retry, except if its record says that it failed:
 * the runner would only repeat that. After the signal aborts, nothing new begins.
 */
export function deliveryQueues(world: DeliveryWorld, signal: AbortSignal): DeliveryQueues {
  const waiting = new Map<string, readonly DueJob[]>();
  const underWay = new Map<string, Promise<void>>();

  async function deliverWaiting(name: string): Promise<void> {
    for (;;) {
      const [due, ...rest] = waiting.get(name) ?? [];
      if (due === undefined || signal.aborted) break;
      waiting.set(name, rest);
      await deliver(due, world, signal);
    }
    underWay.delete(name);
  }

  return {
    add(job, slots) {
      if (slots.length === 0) return;
      const all = [...(waiting.get(job.name) ?? []), ...slots.map((slot) => ({ job, slot }))];
      waiting.set(job.name, latest(all, job, world));
      if (!underWay.has(job.name)) underWay.set(job.name, deliverWaiting(job.name));
    },
    keepOnly: (jobs) => forgetOthers(waiting, jobs),
    ended: async () => void (await Promise.all(underWay.values())),
  };
}

/** The newest slots, as many as may wait; reports the others as passed over. */
function latest(all: readonly DueJob[], job: LocalJob, world: DeliveryWorld): readonly DueJob[] {
  const late = all.slice(0, -MOST_WAITING).map(({ slot }) => slot);
  if (late.length > 0) world.tell({ kind: 'passed_over', job, slots: late, reason: 'busy' });
  return all.slice(-MOST_WAITING);
}

function forgetOthers(waiting: Map<string, readonly DueJob[]>, jobs: readonly LocalJob[]): void {
  const names = new Set(jobs.map(({ name }) => name));
  for (const name of waiting.keys()) if (!names.has(name)) waiting.delete(name);
}

async function deliver(due: DueJob, world: DeliveryWorld, signal: AbortSignal): Promise<void> {
  const { retry } = due.job;
  for (let retries = 0; ; retries += 1) {
    const delivered = await attempt(due, world);
    if (isFinal(delivered) || retries >= retry.count) return world.tell(delivered);
    await quietSleep(world.clock, backoffMs(retry, retries), signal);
    if (signal.aborted) return;
  }
}

async function attempt(due: DueJob, world: DeliveryWorld): Promise<Delivered> {
  try {
    return { ...due, kind: 'answered', answer: await world.call(due.job, due.slot) };
  } catch (thrown) {
    return { ...due, kind: 'unanswered', problem: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function isFinal(delivered: Delivered): boolean {
  if (delivered.kind === 'unanswered') return false;
  const { httpStatus, status, executionId } = delivered.answer;
  return (httpStatus >= 200 && httpStatus < 300) || (status === 'failed' && executionId !== undefined);
}

/**
 * Doubles with every retry up to the maximum number of doublings; after that, it grows by the same amount each time.
 */
function backoffMs({ minBackoffMs, maxBackoffMs, maxDoublings }: JobRetry, retries: number): number {
  const doubled = minBackoffMs * 2 ** Math.min(retries, maxDoublings);
  return Math.min(maxBackoffMs, doubled * (1 + Math.max(0, retries - maxDoublings)));
}
