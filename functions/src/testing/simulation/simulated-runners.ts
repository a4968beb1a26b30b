import type { Attempt } from '#engine/record/attempt.ts';
import type { Execution } from '#engine/record/execution.ts';
import type { StepRecord } from '#engine/record/step-schema.ts';
import { cancelExecution } from '#engine/cancel-execution.ts';
import type { ExecutionStore } from '#engine/record/execution-store.ts';
import { outputRoom } from '#engine/state/output-room.ts';
import type { Playbook } from '#language/playbook/playbook.ts';
import { redactor } from '#core/redact/redact.ts';
import { resumeExecution, runExecution } from '#engine/run-execution.ts';
import { ShuttingDown, type Engine } from '#engine/state/run-state.ts';
import { executionStore, readExecution } from '#records/executions/executions.ts';
import { loadOutput } from '#records/executions/execution-outputs.ts';
import { PLAYBOOK_STATISTICS, PlaybookStatistics } from '#records/figures/playbook-statistics.ts';
import { PLAYBOOK_SPEND, SpendDay } from '#records/figures/spend.ts';
import { condition } from '#steps/condition.ts';
import { iterationSteps } from '#records/executions/execution-iterations.ts';
import { forEach, parallel } from '../builders/waiting-steps.ts';
import { CANCELLER, executionWitness, type ExecutionWitness } from './execution-witness.ts';
import { stepLines } from './lines-of-steps.ts';
import { simulatedDatabase, type SimulatedDatabase, type Weather } from './simulated-documents.ts';
import { simulatedSteps, type OtherSide } from './simulated-steps.ts';
import { simulatedProcess, type SimulatedProcess, type SimulatedTime } from './simulated-time.ts';

const SLOT = new Date('2026-11-20T14:00:00.000Z');
const ID = 'ops_random_20261120T140000Z';
const DAY_MS = 86_400_000;
const CONTROLS = [condition, parallel, forEach];

/** The figures, independent of the record. */
export interface CountedEnds {
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly modelCalls: number;
  /** The number of measurements, by the id of the criterion. */
  readonly measured: Readonly<Record<string, number>>;
}

/** One execution and any number of runners that compete for it. */
export interface SimulatedRunners {
  readonly witness: ExecutionWitness;
  /** Delivers the slot, now, to a separate process. */
  deliver(skewMs: number): SimulatedRunner;
  /** Resumes the execution by its id, now, in a separate process. */
  resume(skewMs: number): SimulatedRunner;
  /** Cancels the execution, now, by a separate process. */
  cancel(): void;
  recorded(): Execution | undefined;
  /** The steps of the execution and of its iterations, by path. */
  steps(): Readonly<Record<string, StepRecord>>;
  /** The number of executions in the playbook's figures by outcome, and of model calls in the day's spend. */
  counted(): CountedEnds;
  /** The large outputs that the record names but that are missing or changed. */
  lostOutputs(): Promise<readonly string[]>;
}

/** The process of a runner, which can also be asked to end. */
export interface SimulatedRunner extends SimulatedProcess {
  shutDown(): void;
}

/** The options of a simulation. */
export interface Simulation {
  readonly playbook: Playbook;
  readonly leaseMs: number;
  readonly time: SimulatedTime;
  readonly weather: Weather;
}

export function simulatedRunners({ playbook, leaseMs, time, weather }: Simulation): SimulatedRunners {
  const { random } = weather;
  const witness = executionWitness(stepLines(playbook, new Map(CONTROLS.map((type) => [type.type, type]))));
  const path = `playbook_executions/${ID}`;
  const database = simulatedDatabase(time, weather, (by, stored) => {
    const execution = recorded();
    if (stored.path === path && execution !== undefined) witness.wrote(by, stored, { execution, steps: steps() });
  });
  const side: OtherSide = { random, witness, asked: new Map() };
  let processes = 0;

  function recorded(): Execution | undefined {
    const stored = database.stored(path);
    return stored === undefined ? undefined : readExecution(stored);
  }

  function steps(): Readonly<Record<string, StepRecord>> {
    const items = database.below(`${path}/playbook_items`).flatMap((stored) => Object.entries(iterationSteps(stored)));
    return { ...recorded()?.steps, ...Object.fromEntries(items) };
  }

  function start(skewMs: number, run: (engine: Engine) => Promise<unknown>): SimulatedRunner {
    const process = simulatedProcess(time, `runner-${(processes += 1)}`, skewMs);
    const ending = new AbortController();
    run(engineOf(process, ending.signal)).then(
      () => witness.answered(process),
      (thrown: unknown) => witness.answered(process, thrown),
    );
    return { ...process, shutDown: () => ending.abort(new ShuttingDown()) };
  }

  function storeOf(process: SimulatedProcess): ExecutionStore {
    const documents = database.seenBy(process);
    return executionStore({
      get: documents.get,
      query: documents.query,
      commit(writes) {
        witness.writes(process);
        return documents.commit(writes);
      },
    });
  }

  function engineOf(process: SimulatedProcess, shutdown: AbortSignal): Engine {
    return {
      stepTypes: new Map([...simulatedSteps(process, side), ...CONTROLS].map((type) => [type.type, type])),
      store: storeOf(process),
      clock: process.clock,
      redact: redactor(() => []),
      random,
      newOwner: () => process.name,
      leaseMs,
      outputs: outputRoom(),
      shutdown: { begun: shutdown, over: shutdown },
      retentionMs: 400 * DAY_MS,
      loadDefinition: async () => playbook,
    };
  }

  return {
    witness,
    recorded,
    steps,
    counted: () => countedEnds(database, playbook.id),
    lostOutputs: () => lostOutputs(database, steps()),
    deliver(skewMs) {
      const window = { start: new Date(SLOT.getTime() - DAY_MS), end: SLOT };
      const request = { id: ID, playbook, version: 'v1', slot: SLOT, trigger: { kind: 'schedule' as const }, window };
      return start(skewMs, (engine) => runExecution(request, engine));
    },
    resume: (skewMs) => start(skewMs, (engine) => resumeExecution(ID, engine)),
    cancel() {
      const process = simulatedProcess(time, CANCELLER);
      const engine = engineOf(process, new AbortController().signal);
      cancelExecution(ID, 'Not needed any more.', engine).catch(() => undefined);
    },
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
