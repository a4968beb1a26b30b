import { setTimeout as delay } from 'node:timers/promises';
import { slotExecutionId } from '#engine/record/execution-id.ts';
import type { Execution } from '#engine/record/execution.ts';
import { loadExecution } from '#records/executions/executions.ts';
import { BOOKINGS } from '#testing/runner/booking-playbook.ts';
import { deliver, type DeliveryAnswer } from '#testing/runner/deliver.ts';
import type { RunnerProcess } from '#testing/runner/runner-process.ts';
import { CHAOS_DEADLINE_MS, CHAOS_PLAYBOOK, CHAOS_SECRET, type ChaosWorld } from './chaos-world.ts';
import { effectsOf, gatherHistory, type Seen } from './gather-history.ts';
import type { History } from './history.ts';

/** How the case of a slot differs from the usual one, in which bookings must succeed. */
export interface SlotOptions {
  readonly playbookId?: string;
  readonly deadlineMs?: number;
  readonly bookings?: readonly string[];
  readonly expected?: readonly Execution['status'][];
  /** Slots that run at the same time. */
  readonly apart?: readonly Date[];
}

/** One slot of a playbook, whose deliveries and effects are kept. */
export interface WitnessedSlot {
  /** One delivery, at which the runner does what `chaos` says; undefined if the connection broke before an answer. */
  deliver(runner: RunnerProcess, chaos?: string): Promise<DeliveryAnswer | undefined>;
  /** Deliveries as Cloud Scheduler makes them, closer together, until the slot has an answer that is final. */
  deliverUntilFinal(runner: RunnerProcess): Promise<void>;
  /** Keeps the record as it is now, after a runner was killed, or interrupted in another way. */
  interrupted(how: 'killed' | 'cut off'): Promise<void>;
  /** What was seen, once the runners are done. */
  history(): Promise<History>;
}

const PATIENCE_MS = 90_000;
const BETWEEN_DELIVERIES_MS = 100;

/** Begins to watch a slot. */
export async function witnessSlot(world: ChaosWorld, slot: Date, options: SlotOptions = {}): Promise<WitnessedSlot> {
  const seen = await beginSeeing(world, slot, options);
  const { playbookId, executionId, beganMs } = seen;
  const load = (): Promise<Execution | undefined> => loadExecution(world.database.documents, executionId);
  const witnessed: WitnessedSlot = {
    async deliver({ url }, chaos = 'none') {
      const call = { url, secret: CHAOS_SECRET, playbookId, slot, timeoutMs: PATIENCE_MS };
      const answer = await deliver({ ...call, headers: { 'x-chaos': chaos } }).catch(() => undefined);
      if (answer !== undefined) seen.answers.push(answer.httpStatus);
      return answer;
    },
    async deliverUntilFinal(runner) {
      while (performance.now() - beganMs < PATIENCE_MS) {
        const answer = await witnessed.deliver(runner);
        if (answer?.httpStatus === 200 || answer?.httpStatus === 500) break;
        await delay(BETWEEN_DELIVERIES_MS);
      }
      seen.final = { execution: await load(), afterMs: performance.now() - beganMs };
    },
    async interrupted(how) {
      seen.interruptions += 1;
      if (how === 'killed') seen.kills += 1;
      // The record first: the effects of what it shows as ended have then arrived.
      const execution = await load();
      seen.snapshots.push({ execution, effects: effectsOf(world, seen).length });
    },
    history: () => gatherHistory(world, seen),
  };
  return witnessed;
}

async function beginSeeing(world: ChaosWorld, slot: Date, options: SlotOptions): Promise<Seen> {
  const { playbookId = CHAOS_PLAYBOOK, apart = [] } = options;
  return {
    executionId: slotExecutionId(playbookId, slot),
    playbookId,
    slot,
    deadlineMs: options.deadlineMs ?? CHAOS_DEADLINE_MS,
    bookings: options.bookings ?? BOOKINGS,
    expected: options.expected ?? ['succeeded'],
    apart: apart.map((other) => slotExecutionId(playbookId, other)),
    countedBefore: await world.counted(playbookId),
    bookedBefore: world.ledger.booked.length,
    beganMs: performance.now(),
    answers: [],
    snapshots: [],
    kills: 0,
    interruptions: 0,
    final: undefined,
  };
}
