import { DAY_MS } from '#core/duration.ts';
import type { Schedule } from '#language/playbook/playbook.ts';
import { nextDue, slotOf } from '#language/playbook/schedule.ts';
import { deliveryQueues, type DeliveryWorld, type DueJob, type LocalJob } from './delivery-queues.ts';
import { quietSleep } from '../processes/quiet-sleep.ts';

const MINUTE_MS = 60_000;
/** If the last round was longer ago, the machine slept, or its clock was set. */
const SLEPT_MS = 10 * MINUTE_MS;
const MOST_SLEPT_MS = 7 * DAY_MS;

/** What the scheduler needs from its surroundings. */
export interface SchedulerWorld extends DeliveryWorld {
  /** The jobs as they should be now. */
  jobs(): Promise<readonly LocalJob[]>;
}

/** The slots of a schedule in (since, until], oldest first. */
export function dueSlots(schedule: Schedule, since: Date, until: Date): readonly Date[] {
  const slots: Date[] = [];
  for (let slot = nextDue(schedule, since)[0]; slot !== undefined && slot <= until; slot = nextDue(schedule, slot)[0]) {
    slots.push(slot);
  }
  return slots;
}

/** The job that is due next, strictly after an instant; the first of several that are due together. */
export function nextJob(jobs: readonly LocalJob[], after: Date): DueJob | undefined {
  return jobs
    .flatMap((job) => nextDue(job, after).map((slot) => ({ job, slot })))
    .reduce<DueJob | undefined>(
      (first, due) => (first === undefined || due.slot < first.slot ? due : first),
      undefined,
    );
}

/**
 * Delivers every slot that falls due after `since`, until the signal aborts; then resolves when everything under way
 * has ended. Like Cloud Scheduler: never two deliveries of one job at the same time (what falls due meanwhile is
 * delivered afterwards, slot by slot), and a delivery that did not complete is repeated as configured by the job's
 * retry. The jobs are read again each minute; a changed schedule applies from then on. Of the slots that fell due while
 * the machine slept, only the latest of each job is delivered, and `tell` reports the others. Rejects with what `jobs`
 * throws.
 */
export async function keepSchedules(world: SchedulerWorld, since: Date, signal: AbortSignal): Promise<void> {
  const queues = deliveryQueues(world, signal);
  let seen = since;
  try {
    while (!signal.aborted) {
      // One instant for the whole round: a timer may fire early, and reading the jobs takes time.
      const now = world.clock.now();
      const jobs = await world.jobs();
      queues.keepOnly(jobs);
      for (const job of jobs) addDue(job, seen, now, { world, queues });
      seen = seenUntil(seen, now);
      // Cron is precise to the minute.
      const nextMinuteMs = slotOf(now).getTime() + MINUTE_MS;
      await quietSleep(world.clock, Math.max(0, nextMinuteMs - world.clock.now().getTime()), signal);
    }
  } finally {
    await queues.ended();
  }
}

interface Round {
  readonly world: SchedulerWorld;
  readonly queues: ReturnType<typeof deliveryQueues>;
}

function addDue(job: LocalJob, seen: Date, now: Date, { world, queues }: Round): void {
  const sleptMs = now.getTime() - seen.getTime();
  const slots = dueSlots(job, sleptMs > MOST_SLEPT_MS ? new Date(now.getTime() - MOST_SLEPT_MS) : seen, now);
  const isCaughtUp = sleptMs <= SLEPT_MS;
  const late = isCaughtUp ? [] : slots.slice(0, -1);
  if (late.length > 0) world.tell({ kind: 'passed_over', job, slots: late, reason: 'slept' });
  queues.add(job, isCaughtUp ? slots : slots.slice(-1));
}

/** A clock set back a little must not make a slot due again; one set back a lot must not silence the schedules. */
function seenUntil(seen: Date, now: Date): Date {
  return now > seen || seen.getTime() - now.getTime() > SLEPT_MS ? now : seen;
}
