import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '#adapters/system-clock.ts';
import { openRunner, seedSteps } from './bench-runner.ts';
import type { BenchDatabase } from './database.ts';
import { median, rounded } from './figures.ts';

const STEPS = 200;
const LAST_PATH = `step_${STEPS / 2}`;
const LEASE_MS = 30;

/** An execution of 200 steps whose runner vanished in the middle, taken over by another after its lease. */
export interface Resumption {
  readonly bench: 'resumption';
  readonly database: BenchDatabase['name'];
  /** From the delivery that takes over to the beginning of the first step it runs. */
  readonly firstStepMs: number;
  readonly endMs: number;
  /** Steps that ran again although they had run before; the interrupted one must. */
  readonly stepsRepeated: number;
}

/** Does not include starting a process; see the cold start. */
export async function benchResumption(database: BenchDatabase, rounds: number): Promise<Resumption> {
  const playbookId = await seedSteps(database.documents, STEPS, randomUUID().slice(0, 8));
  const now = Date.now();
  const taken: TakenOver[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const slot = new Date(now - round * 60_000);
    const ran = await vanishInTheMiddle(database, playbookId, slot);
    await delay(2 * LEASE_MS);
    taken.push(await takeOver(database, playbookId, slot, ran));
  }
  return {
    bench: 'resumption',
    database: database.name,
    firstStepMs: rounded(median(taken.map(({ firstStepMs }) => firstStepMs))),
    endMs: rounded(median(taken.map(({ endMs }) => endMs))),
    stepsRepeated: median(taken.map(({ repeated }) => repeated)),
  };
}

interface TakenOver {
  readonly firstStepMs: number;
  readonly endMs: number;
  readonly repeated: number;
}

async function takeOver(
  database: BenchDatabase,
  playbookId: string,
  slot: Date,
  ran: ReadonlySet<string>,
): Promise<TakenOver> {
  let repeated = 0;
  let firstAt: number | undefined;
  const successor = openRunner(database.documents, {
    step(path) {
      firstAt ??= performance.now();
      if (ran.has(path)) repeated += 1;
    },
  });
  const startMs = performance.now();
  await successor.deliver(playbookId, slot);
  return { firstStepMs: (firstAt ?? Number.NaN) - startMs, endMs: performance.now() - startMs, repeated };
}

/** Runs up to the step in the middle, which never ends, on a clock whose timers never fire: no lease is renewed. */
async function vanishInTheMiddle(
  database: BenchDatabase,
  playbookId: string,
  slot: Date,
): Promise<ReadonlySet<string>> {
  const ran = new Set<string>();
  const vanished = Promise.withResolvers<void>();
  const runner = openRunner(database.documents, {
    leaseMs: LEASE_MS,
    clock: { ...systemClock, after: () => () => undefined },
    async step(path) {
      ran.add(path);
      if (path !== LAST_PATH) return;
      vanished.resolve();
      await new Promise(() => undefined);
    },
  });
  void runner.deliver(playbookId, slot);
  await vanished.promise;
  return ran;
}
