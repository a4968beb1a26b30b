import { BOOKINGS } from '#testing/runner/booking-playbook.ts';
import { HUNG } from '#testing/runner/hung-playbooks.ts';
import { rawRepeats, violationsIn, type Violation } from './check-history.ts';
import type { DatabaseName } from './chaos-database.ts';
import { openChaosWorld, type ChaosWorld } from './chaos-world.ts';
import { SCENARIOS, type Fault, type Scenario } from './fault.ts';
import { faultsOf } from './fault-schedule.ts';
import type { History } from './history.ts';
import { runClocks, runFreeze, runKill } from './run-kills.ts';
import { runDeliveries, runHung, runNetwork, runOutage } from './run-others.ts';
import { witnessSlot } from './witnessed-slot.ts';

/** What a round does on one database. */
export interface RoundOptions {
  readonly source: string;
  readonly database: DatabaseName;
  readonly seed: number;
  readonly kills: number;
  readonly isShort: boolean;
  /** One scenario, or one case of it; all by default. */
  readonly only?: Scenario | undefined;
  readonly case?: number | undefined;
}

/** One case, and what was wrong with it. */
export interface CaseResult {
  readonly database: DatabaseName;
  readonly scenario: Scenario;
  /** Counted from 1. */
  readonly number: number;
  readonly fault: Fault;
  readonly tookMs: number;
  readonly kills: number;
  readonly repeats: number;
  readonly violations: readonly Violation[];
}

const UNDISTURBED = 3;

/** Runs the cases one after the other. Throws if an undisturbed delivery does not succeed. */
export async function* runRound(options: RoundOptions): AsyncGenerator<CaseResult> {
  const { source, database, seed, kills, isShort, only } = options;
  const world = await openChaosWorld(source, database);
  try {
    const points = await pointsOfUndisturbed(world);
    const hasNetwork = world.database.disturb !== undefined;
    const calls = BOOKINGS.length;
    const schedule = { seed, points, calls, kills, isShort, hasNetwork, dependencies: HUNG.length };
    for (const scenario of SCENARIOS.filter((one) => only === undefined || only === one)) {
      for (const [index, fault] of faultsOf(scenario, schedule).entries()) {
        if (options.case !== undefined && options.case !== index + 1) continue;
        const beganMs = performance.now();
        const histories = await runFault(world, fault);
        const tookMs = Math.round(performance.now() - beganMs);
        yield { database, scenario, number: index + 1, fault, tookMs, ...resultOf(histories) };
      }
    }
  } finally {
    await world.close();
  }
}

/**
 * The boundaries are found, not listed: what a delivery passes that nothing disturbs. A slow one also renews its lease;
 * those of the shortest are in every other.
 */
async function pointsOfUndisturbed(world: ChaosWorld): Promise<readonly string[]> {
  const runner = await world.fleet.take();
  let shortest: readonly string[] | undefined;
  let before = 0;
  for (let round = 0; round < UNDISTURBED; round += 1) {
    const slot = await witnessSlot(world, world.nextSlot());
    const answer = await slot.deliver(runner, 'list');
    if (answer?.httpStatus !== 200) {
      throw new Error(`An undisturbed delivery was answered ${answer?.httpStatus}. The runner:\n${runner.output()}`);
    }
    const points = world.points().slice(before);
    before += points.length;
    if (shortest === undefined || points.length < shortest.length) shortest = points;
  }
  world.fleet.giveBack(runner);
  return shortest ?? [];
}

function runFault(world: ChaosWorld, fault: Fault): Promise<readonly History[]> {
  switch (fault.kind) {
    case 'freeze':
      return runFreeze(world, fault);
    case 'deliveries':
      return runDeliveries(world, fault);
    case 'network':
      return runNetwork(world, fault);
    case 'outage':
      return runOutage(world, fault);
    case 'hung':
      return runHung(world, fault);
    case 'clocks':
      return runClocks(world, fault);
    default:
      return runKill(world, fault);
  }
}

function resultOf(histories: readonly History[]): Pick<CaseResult, 'kills' | 'repeats' | 'violations'> {
  return {
    kills: histories.reduce((sum, { kills }) => sum + kills, 0),
    repeats: histories.reduce((sum, history) => sum + rawRepeats(history), 0),
    violations: histories.flatMap(violationsIn),
  };
}
