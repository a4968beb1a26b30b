import { isDeepStrictEqual } from 'node:util';
import { isEnded, type Execution } from '#engine/record/execution.ts';
import { loadExpressions } from '#language/expressions/expressions.ts';
import type { Playbook } from '#language/playbook/playbook.ts';
import { randomPlaybook } from './random-playbook.ts';
import { seededRandom } from './seeded-random.ts';
import { OUT_OF_REACH, type Weather } from './simulated-documents.ts';
import type { CountedEnds } from './simulated-record.ts';
import { nextVersion, simulatedRunners, type SimulatedRunners } from './simulated-runners.ts';
import { simulatedTime, type SimulatedTime } from './simulated-time.ts';

const LEASE_MS = 1_000;
/** How long things go wrong; then the slot is delivered to healthy runners until the execution has ended. */
const STORM_MS = 6_000;
const MOST_DELIVERIES = 40;

/** One execution under everything that may go wrong, and how it ended. */
async function stormyRound(seed: number) {
  const random = seededRandom(seed);
  const isHurried = random() < 0.15;
  const isCancelled = random() < 0.1;
  const playbook = randomPlaybook(random, isHurried ? '2s' : '7d');
  const time = simulatedTime();
  const runners = simulatedRunners({ playbook, leaseMs: LEASE_MS, time, weather: storm(time, random) });

  for (let deliveries = 2 + Math.floor(random() * 3); deliveries > 0; deliveries -= 1) {
    time.in(random() * STORM_MS * 0.7, () => {
      const skewMs = (random() - 0.5) * 2 * LEASE_MS;
      const runner = random() < 0.3 ? runners.resume(skewMs) : runners.deliver(skewMs, random() < 0.2 ? 'v2' : 'v1');
      if (random() < 0.4) time.in(random() * 1_500, runner.kill);
      if (random() < 0.5) time.in(random() * 1_500, () => runner.pause(random() * 4 * LEASE_MS));
      if (random() < 0.3) time.in(random() * 1_500, () => runner.isAlive() && runner.shutDown());
    });
  }
  if (isCancelled) time.in(random() * STORM_MS, runners.cancel);
  await until(time, STORM_MS);
  for (let delivery = 0; !hasEnded(runners) && delivery < MOST_DELIVERIES; delivery += 1) {
    if (delivery % 2 === 0) runners.deliver(0);
    else runners.resume(0);
    await until(time, LEASE_MS);
  }
  const ended = runners.recorded();
  // A runner that is still asleep wakes up, and must leave the record alone.
  await time.run();
  return { playbook, runners, ended, isDeterministic: !isHurried && !isCancelled };
}

function hasEnded(runners: SimulatedRunners): boolean {
  const execution = runners.recorded();
  return execution !== undefined && isEnded(execution);
}

/** Bad weather for a while: faults, and perhaps one outage. */
function storm(time: SimulatedTime, random: () => number): Weather {
  const startMs = time.nowMs();
  const faultRate = [0, 0.05, 0.25][Math.floor(random() * 3)] ?? 0;
  const outFromMs = random() < 0.3 ? random() * STORM_MS : Infinity;
  const isOver = (): boolean => time.nowMs() > startMs + STORM_MS;
  return {
    random,
    slowMs: 2 * LEASE_MS,
    faultRate: () => (isOver() ? 0 : faultRate),
    isOut: () => !isOver() && time.nowMs() - startMs > outFromMs && time.nowMs() - startMs < outFromMs + 2_500,
  };
}

async function until(time: SimulatedTime, forMs: number): Promise<void> {
  let over = false;
  time.in(forMs, () => (over = true));
  await time.run(() => over);
}

/** What the figures must say of an execution that has ended: that it did, once, and what it took. */
function countedOnce(execution: Execution | undefined): CountedEnds | undefined {
  if (execution === undefined || !('spend' in execution)) return undefined;
  return {
    succeeded: execution.status === 'succeeded' ? 1 : 0,
    failed: execution.status === 'failed' ? 1 : 0,
    cancelled: execution.status === 'cancelled' ? 1 : 0,
    modelCalls: execution.spend.modelCalls,
    measured: Object.fromEntries(execution.criteria.map(({ id }) => [id, 1])),
  };
}

/** The same playbook where nothing goes wrong. */
async function undisturbed(playbook: Playbook): Promise<SimulatedRunners> {
  const time = simulatedTime();
  const weather: Weather = { random: seededRandom(1), slowMs: 0, faultRate: () => 0, isOut: () => false };
  const runners = simulatedRunners({ playbook, leaseMs: LEASE_MS, time, weather });
  runners.deliver(0);
  await time.run();
  while (!hasEnded(runners)) {
    await until(time, LEASE_MS);
    runners.resume(0);
    await time.run();
  }
  return runners;
}

/** What an execution comes to, without times, attempts and the outputs that differ each time. */
function outcomeOf(runners: SimulatedRunners, execution: Execution | undefined) {
  if (execution?.status !== 'succeeded' && execution?.status !== 'failed') return undefined;
  const { status, error, stepsExecuted, criteria, results } = execution;
  const all = Object.values(runners.steps());
  const isSpread = all.some(({ spread }) => spread !== undefined);
  const steps = all.map((step) => ({
    path: step.path,
    // Beside each other, steps begin in any order.
    order: isSpread ? 0 : step.order,
    status: step.status,
    block: step.block,
    lastAttempt: step.attempts.at(-1)?.status,
    continued: step.status === 'failed' && step.continued,
  }));
  const shortened = Object.entries(results).map(([path, result]) => [path, isLarge(result) ? 'large' : result]);
  return { status, error, stepsExecuted, criteria, results: Object.fromEntries(shortened), steps: inOrder(steps) };
}

function inOrder<T extends { readonly order: number; readonly path: string }>(steps: readonly T[]): T[] {
  return steps.toSorted((a, b) => a.order - b.order || a.path.localeCompare(b.path));
}

function isLarge(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'bytes' in result;
}

/** Three runners that vanish in a row, or an output that could not be kept, fail for good; nothing else may differ. */
function isDisturbed(runners: SimulatedRunners, execution: Execution | undefined): boolean {
  const vanished = execution?.status === 'failed' && execution.failure.code === 'interrupted';
  return (
    vanished ||
    Object.values(runners.steps()).some(({ attempts }) =>
      attempts.some((attempt) => attempt.status === 'failed' && attempt.failure.message === OUT_OF_REACH),
    )
  );
}

/** The paths of steps whose effect had another key than its own, or was made more often than was recorded. */
function strayEffects({ witness, steps }: SimulatedRunners, execution: Execution | undefined): string[] {
  const recorded = steps();
  return Array.from(witness.calls).flatMap(([path, keys]) => {
    const isOwn = keys.every((key) => key === `${execution?.id}/${path}`);
    return isOwn && keys.length <= (recorded[path]?.attempts.length ?? 0) ? [] : [path];
  });
}

/** What a round may find; of one in which every promise was kept it is `KEPT`. */
export interface Findings {
  readonly violations: readonly string[];
  readonly hasEnded: boolean;
  readonly changedAfterwards: boolean;
  readonly miscounted: boolean;
  readonly lostOutputs: readonly string[];
  readonly strayEffects: readonly string[];
  /** It came to something else than where nothing goes wrong; null where that cannot be told. */
  readonly differs: boolean | null;
}

/** The findings of a round in which every promise was kept. */
export const KEPT: Omit<Findings, 'differs'> = {
  violations: [],
  hasEnded: true,
  changedAfterwards: false,
  miscounted: false,
  lostOutputs: [],
  strayEffects: [],
};

/** Simulates one execution: the same seed, the same round. */
export async function simulationRound(seed: number): Promise<Findings> {
  // Loading takes real time, and in a simulation no real time passes.
  await loadExpressions();
  const { playbook, runners, ended, isDeterministic } = await stormyRound(seed);
  const isComparable = isDeterministic && !isDisturbed(runners, ended);
  return {
    violations: runners.witness.violations,
    hasEnded: ended !== undefined && isEnded(ended),
    changedAfterwards: !isDeepStrictEqual(runners.recorded(), ended),
    miscounted: !isDeepStrictEqual(runners.counted(), countedOnce(ended)),
    lostOutputs: await runners.lostOutputs(),
    strayEffects: strayEffects(runners, ended),
    differs: isComparable ? await differsFromUndisturbed(runners, ended, playbook) : null,
  };
}

async function differsFromUndisturbed(
  runners: SimulatedRunners,
  ended: Execution | undefined,
  playbook: Playbook,
): Promise<boolean> {
  const calm = await undisturbed(ended?.version === 'v2' ? nextVersion(playbook) : playbook);
  return !isDeepStrictEqual(outcomeOf(runners, ended), outcomeOf(calm, calm.recorded()));
}
