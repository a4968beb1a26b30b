import type { Clock } from '../functions/src/engine/clock.ts';
import type { Schedule } from '../functions/src/engine/playbook.ts';
import { dueBefore, nextDue, slotOf } from '../functions/src/engine/schedule.ts';
import type { JobRetry, JobSpec } from '../functions/src/ports/scheduler.ts';
import type { RunnerAnswer } from './call-runner.ts';

const MINUTE_MS = 60_000;
/** The runner passes over slots of more than a day ago; what is delivered now must arrive before. */
const FRESH_MS = 24 * 60 * MINUTE_MS - 5 * MINUTE_MS;

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

/** How the deliveries of one slot ended: the runner's last answer, or why there was none. */
export type Delivered =
  | (DueJob & { readonly kind: 'answered'; readonly answer: RunnerAnswer })
  | (DueJob & { readonly kind: 'unanswered'; readonly problem: string });

/** What the scheduler needs of the world around it. */
export interface SchedulerWorld {
  readonly clock: Clock;
  /** The jobs as they should be at this moment. */
  jobs(): Promise<readonly LocalJob[]>;
  /** One call of the runner for a slot. */
  call(job: LocalJob, slot: Date): Promise<RunnerAnswer>;
  /** Is told of every slot that was delivered. */
  tell(delivered: Delivered): void;
}

/** The latest slot of a schedule in (since, until]; what fell due before it, while nobody was looking, is passed over. */
export function dueIn(schedule: Schedule, since: Date, until: Date): Date | undefined {
  const latest = dueBefore(schedule, new Date(until.getTime() + 1));
  return latest !== undefined && latest > since ? latest : undefined;
}

/** The job that is due next, strictly after an instant; the first of those due together. */
export function nextJob(jobs: readonly LocalJob[], after: Date): DueJob | undefined {
  return jobs
    .flatMap((job) => nextDue(job, after).map((slot) => ({ job, slot })))
    .reduce<DueJob | undefined>(
      (first, due) => (first === undefined || due.slot < first.slot ? due : first),
      undefined,
    );
}

/**
 * The slots that a start may deliver for a schedule, the better one first: its latest, unless the runner would pass it over
 * as too old, then the minute it is.
 */
export function firstSlots(schedule: Schedule, now: Date): readonly Date[] {
  const latest = dueBefore(schedule, now);
  const isFresh = latest !== undefined && now.getTime() - latest.getTime() < FRESH_MS;
  return isFresh ? [latest, slotOf(now)] : [slotOf(now)];
}

/**
 * Delivers every slot that falls due after `since`, until the signal aborts; then resolves when what is under way has ended.
 * Like Cloud Scheduler: never two deliveries of one job at the same time (what falls due meanwhile is delivered afterwards),
 * and a delivery that was not answered with success is repeated as the job's retry says. The jobs are read anew each minute.
 * Rejects with what `jobs` throws.
 */
export async function keepSchedules(world: SchedulerWorld, since: Date, signal: AbortSignal): Promise<void> {
  const lastSlots = new Map<string, Date>();
  const underWay = new Map<string, Promise<void>>();
  try {
    while (!signal.aborted) {
      const now = world.clock.now();
      for (const job of await world.jobs()) {
        const slot = underWay.has(job.name) ? undefined : dueIn(job, lastSlots.get(job.name) ?? since, now);
        if (slot === undefined) continue;
        lastSlots.set(job.name, slot);
        const delivery = deliver({ job, slot }, world, signal).finally(() => underWay.delete(job.name));
        underWay.set(job.name, delivery);
      }
      // Cron knows no more than minutes.
      await sleep(world.clock, MINUTE_MS - (world.clock.now().getTime() % MINUTE_MS), signal);
    }
  } finally {
    await Promise.all(underWay.values());
  }
}

async function deliver(due: DueJob, world: SchedulerWorld, signal: AbortSignal): Promise<void> {
  const { retry } = due.job;
  for (let retries = 0; ; retries += 1) {
    const delivered = await attempt(due, world);
    if (isSuccess(delivered) || retries >= retry.count) return world.tell(delivered);
    await sleep(world.clock, backoffMs(retry, retries), signal);
    if (signal.aborted) return;
  }
}

async function attempt(due: DueJob, world: SchedulerWorld): Promise<Delivered> {
  try {
    return { ...due, kind: 'answered', answer: await world.call(due.job, due.slot) };
  } catch (thrown) {
    return { ...due, kind: 'unanswered', problem: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** Sleeps; an abort ends it without an error. */
async function sleep(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(delayMs, signal);
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  }
}

function isSuccess(delivered: Delivered): boolean {
  return delivered.kind === 'answered' && delivered.answer.httpStatus >= 200 && delivered.answer.httpStatus < 300;
}

/** Doubles with every retry until it has doubled often enough; then it grows by as much each time. */
function backoffMs({ minBackoffMs, maxBackoffMs, maxDoublings }: JobRetry, retries: number): number {
  const doubled = minBackoffMs * 2 ** Math.min(retries, maxDoublings);
  return Math.min(maxBackoffMs, doubled * (1 + Math.max(0, retries - maxDoublings)));
}
