import { isEnded, type Execution } from '#engine/record/execution.ts';
import { EXECUTIONS, loadExecution } from '#records/executions/executions.ts';
import type { ChaosWorld } from './chaos-world.ts';
import type { Effect, History, Snapshot } from './history.ts';

/** What a witness keeps of one slot while its case happens. */
export interface Seen {
  readonly executionId: string;
  readonly playbookId: string;
  readonly slot: Date;
  readonly deadlineMs: number;
  readonly bookings: readonly string[];
  readonly expected: readonly Execution['status'][];
  /** Executions that run at the same time; their effects are not of this one. */
  readonly apart: readonly string[];
  readonly countedBefore: number;
  readonly bookedBefore: number;
  readonly beganMs: number;
  readonly answers: number[];
  readonly snapshots: Snapshot[];
  kills: number;
  interruptions: number;
  final: { readonly execution: Execution | undefined; readonly afterMs: number } | undefined;
}

/** Reads what the case has left in the database and in the ledger. */
export async function gatherHistory(world: ChaosWorld, seen: Seen): Promise<History> {
  const { executionId, playbookId, slot, bookings, final } = seen;
  const later = await loadExecution(world.database.documents, executionId);
  return {
    ...seen,
    records: await countOf(world, EXECUTIONS, ['playbookId', playbookId], ['slot', slot]),
    final: final?.execution,
    later,
    effects: effectsOf(world, seen),
    left: bookings.length === 0 ? undefined : await leftBy(world, executionId),
    endedAfterMs: final?.afterMs ?? Infinity,
    counted: {
      figures: (await world.counted(playbookId)) - seen.countedBefore,
      ended: later !== undefined && isEnded(later) ? 1 : 0,
    },
  };
}

/** Cases come one after the other, so that every effect since the beginning of a case belongs to it. */
export function effectsOf({ ledger }: ChaosWorld, { bookedBefore, bookings, apart }: Seen): readonly Effect[] {
  return ledger.booked
    .slice(bookedBefore)
    .filter(({ key }) => !apart.some((id) => key.startsWith(`${id}/`)))
    .map(({ name, key }) => ({ path: bookings.find((path) => path.split('.').at(-1) === name) ?? name, key }));
}

async function leftBy(world: ChaosWorld, executionId: string): Promise<NonNullable<History['left']>> {
  return {
    threads: await countOf(world, 'playbook_threads', ['evidence.executionId', executionId]),
    messages: await countOf(world, 'playbook_notifications', ['executionId', executionId]),
  };
}

type Equal = readonly [field: string, value: string | Date];

async function countOf({ database }: ChaosWorld, collection: string, ...equal: readonly Equal[]): Promise<number> {
  const where = equal.map(([field, value]) => ({ field, op: '==', value }) as const);
  return (await database.documents.aggregate({ collection, where })).count;
}
