import type { Clock } from '#core/clock.ts';
import { fakeClock, type FakeClock } from '#testing/builders/fake-clock.ts';
import type { RunnerAnswer } from './call-runner.ts';
import type { Delivered, LocalJob, PassedOver } from './delivery-queues.ts';
import { keepSchedules, type SchedulerWorld } from './local-scheduler.ts';

/** When the clock of a running scheduler begins. */
export const START = '2026-11-20T14:30:00.000Z';
const SUCCEEDED: RunnerAnswer = { httpStatus: 200, status: 'succeeded' };

/** A job of a playbook with the same name. */
export function aLocalJob(playbookId: string, cron: string, timeZone = 'UTC'): LocalJob {
  return {
    playbookId,
    playbookName: playbookId,
    name: playbookId,
    description: '',
    cron,
    timeZone,
    target: { method: 'POST', url: `http://127.0.0.1/?playbookId=${playbookId}`, headers: {}, oidc: undefined },
    attemptDeadlineMs: 1000,
    retry: { count: 3, maxDurationMs: 0, minBackoffMs: 5_000, maxBackoffMs: 15_000, maxDoublings: 5 },
  };
}

/** What a test decides about the surroundings of a scheduler. */
interface TestedWorld {
  readonly jobs: () => readonly LocalJob[];
  readonly call?: (job: LocalJob, slot: Date) => Promise<RunnerAnswer>;
  /** How long it takes to read the jobs. */
  readonly jobsTakeMs?: number;
  /** By how much each sleep of a second or more is too short. */
  readonly wakesEarlyMs?: number;
}

/** A scheduler on a clock that moves only when the test says so; `pass` lets everything happen that falls due. */
export function runningScheduler(tested: TestedWorld) {
  const fake = fakeClock(START);
  const { clock, setClock } = settableClock(fake, tested.wakesEarlyMs ?? 0);
  const { world, calls, told } = recordedWorld(tested, fake, clock);
  const stop = new AbortController();
  const ended = keepSchedules(world, fake.now(), stop.signal);
  return {
    calls,
    told,
    /** The slots that were delivered, without day and seconds. */
    slots: () => calls.map(({ slot }) => slot.slice(11, 16)),
    setClock,
    pass: (byMs: number, stepMs = 5_000) => passTime(fake, byMs, stepMs),
    sleep: (delayMs: number) => clock.sleep(delayMs),
    async stop() {
      stop.abort();
      const cancel = setInterval(() => fake.advance(1_000));
      await ended;
      clearInterval(cancel);
    },
  };
}

/** The clock of a machine: it can be set, and its sleeps can end too early. */
function settableClock(fake: FakeClock, wakesEarlyMs: number) {
  let shiftMs = 0;
  const clock: Clock = {
    ...fake,
    now: () => new Date(fake.now().getTime() + shiftMs),
    sleep: (delayMs, signal) =>
      new Promise((resolve, reject) => {
        fake.after(delayMs < 1_000 ? delayMs : delayMs - wakesEarlyMs, resolve);
        signal?.addEventListener('abort', () => reject(new Error('aborted')));
      }),
  };
  return { clock, setClock: (byMs: number) => (shiftMs += byMs) };
}

/** The surroundings of a scheduler, which record what it did. */
function recordedWorld({ jobs, call, jobsTakeMs = 0 }: TestedWorld, fake: FakeClock, clock: Clock) {
  const calls: { readonly playbookId: string; readonly slot: string; readonly at: string }[] = [];
  const told: (Delivered | PassedOver)[] = [];
  const world: SchedulerWorld = {
    clock,
    async jobs() {
      if (jobsTakeMs > 0) await clock.sleep(jobsTakeMs);
      return jobs();
    },
    call(called, slot) {
      calls.push({ playbookId: called.playbookId, slot: slot.toISOString(), at: fake.now().toISOString() });
      return call?.(called, slot) ?? Promise.resolve(SUCCEEDED);
    },
    tell: (news) => told.push(news),
  };
  return { world, calls, told };
}

async function passTime(fake: FakeClock, byMs: number, stepMs: number): Promise<void> {
  for (let passedMs = 0; passedMs < byMs; passedMs += stepMs) {
    await settled();
    fake.advance(stepMs);
  }
  await settled();
}

/** Lets everything happen that waits only for its turn. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
