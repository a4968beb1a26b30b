import type { Attempt } from '#engine/record/attempt.ts';
import type { Execution } from '#engine/record/execution.ts';
import type { StepRecord } from '#engine/record/step-schema.ts';
import type { StoredDocument } from '#ports/documents/documents.ts';
import { iterationSteps } from '#records/executions/execution-iterations.ts';
import { loadOutput } from '#records/executions/execution-outputs.ts';
import { readExecution } from '#records/executions/executions.ts';
import { PLAYBOOK_STATISTICS, PlaybookStatistics } from '#records/figures/playbook-statistics.ts';
import { PLAYBOOK_SPEND, SpendDay } from '#records/figures/spend.ts';
import type { StoredWhole } from './execution-witness.ts';
import type { SimulatedDatabase } from './simulated-documents.ts';

/** The figures, independent of the record. */
export interface CountedEnds {
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly modelCalls: number;
  /** The number of measurements, by the id of the criterion. */
  readonly measured: Readonly<Record<string, number>>;
}

/** What is stored of one execution, and counted of it. */
export interface SimulatedRecord {
  recorded(): Execution | undefined;
  /** The steps of the execution and of its iterations, by path. */
  steps(): Readonly<Record<string, StepRecord>>;
  /** The number of executions in the playbook's figures by outcome, and of model calls in the day's spend. */
  counted(): CountedEnds;
  /** The large outputs that the record names but that are missing or changed. */
  lostOutputs(): Promise<readonly string[]>;
  /** Its record, which is in this document, and all that is stored with it. */
  whole(stored: StoredDocument): StoredWhole;
}

export function simulatedRecord(database: SimulatedDatabase, path: string, playbookId: string): SimulatedRecord {
  const parsed = new WeakMap<StoredDocument, Readonly<Record<string, StepRecord>>>();

  function recorded(): Execution | undefined {
    const stored = database.stored(path);
    return stored === undefined ? undefined : readExecution(stored);
  }

  function iterations(): Readonly<Record<string, StepRecord>> {
    const items = database.below(`${path}/playbook_items`);
    for (const stored of items) if (!parsed.has(stored)) parsed.set(stored, iterationSteps(stored));
    return Object.assign({}, ...items.map((stored) => parsed.get(stored)));
  }

  const steps = (): Readonly<Record<string, StepRecord>> => ({ ...recorded()?.steps, ...iterations() });

  return {
    recorded,
    steps,
    whole(stored) {
      const execution = readExecution(stored);
      return { execution, steps: { ...execution.steps, ...iterations() } };
    },
    counted: () => countedEnds(database, playbookId),
    lostOutputs: () => lostOutputs(database, steps()),
  };
}

async function lostOutputs(
  { stored }: SimulatedDatabase,
  steps: Readonly<Record<string, StepRecord>>,
): Promise<string[]> {
  const lost: string[] = [];
  for (const attempt of Object.values(steps).flatMap(({ attempts }): readonly Attempt[] => attempts)) {
    if (attempt.status !== 'succeeded' || attempt.outputRef === undefined) continue;
    const { outputRef } = attempt;
    await loadOutput({ get: async (at) => stored(at) }, outputRef).catch(() => lost.push(outputRef.path));
  }
  return lost;
}

function countedEnds({ stored }: SimulatedDatabase, playbookId: string): CountedEnds {
  const figures = PlaybookStatistics.parse(stored(`${PLAYBOOK_STATISTICS}/${playbookId}`)?.data ?? { playbookId });
  const days = Object.entries(figures.days);
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  const spent = days.map(([day]) => SpendDay.parse(stored(`${PLAYBOOK_SPEND}/${day}`)?.data ?? { day, total: {} }));
  const bands = days
    .flatMap(([, { criteria }]) => Object.entries(criteria))
    .map(([id, { ok, warn, alert, unknown }]) => [id, ok + warn + alert + unknown]);
  return {
    succeeded: sum(days.map(([, { succeeded }]) => succeeded)),
    failed: sum(days.map(([, { failed }]) => failed)),
    cancelled: sum(days.map(([, { cancelled }]) => cancelled)),
    modelCalls: sum(spent.map(({ total }) => total.modelCalls)),
    measured: Object.fromEntries(bands),
  };
}
