import { cancelExecution } from '#engine/cancel-execution.ts';
import type { Playbook } from '#language/playbook/playbook.ts';
import { resumeExecution, runExecution } from '#engine/run-execution.ts';
import { ShuttingDown, type Engine } from '#engine/state/run-state.ts';
import { CANCELLER, executionWitness, type ExecutionWitness } from './execution-witness.ts';
import { CONTROLS, simulatedEngines } from './simulated-engine.ts';
import { stepLines } from './lines-of-steps.ts';
import { simulatedDatabase, type Weather } from './simulated-documents.ts';
import { simulatedRecord, type SimulatedRecord } from './simulated-record.ts';
import { simulatedProcess, type SimulatedProcess, type SimulatedTime } from './simulated-time.ts';

const SLOT = new Date('2026-11-20T14:00:00.000Z');
const ID = 'ops_random_20261120T140000Z';
const DAY_MS = 86_400_000;

/** The same playbook after somebody changed it: with one step more. */
export function nextVersion(playbook: Playbook): Playbook {
  return { ...playbook, steps: [...playbook.steps, { id: 'added', type: 'effect' }] };
}

/** One execution and any number of runners that compete for it. */
export interface SimulatedRunners extends Omit<SimulatedRecord, 'whole'> {
  readonly witness: ExecutionWitness;
  /** Delivers the slot, now, to a separate process, for which this version of the playbook is the present one. */
  deliver(skewMs: number, version?: 'v1' | 'v2'): SimulatedRunner;
  /** Resumes the execution by its id, now, in a separate process. */
  resume(skewMs: number): SimulatedRunner;
  /** Cancels the execution, now, by a separate process. */
  cancel(): void;
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
  const witness = executionWitness(stepLines(playbook, new Map(CONTROLS.map((type) => [type.type, type]))));
  const path = `playbook_executions/${ID}`;
  const database = simulatedDatabase(time, weather, (by, stored) => {
    if (stored.path === path) witness.wrote(by, stored, record.whole(stored));
  });
  const record = simulatedRecord(database, path, playbook.id);
  const definitions = { v1: playbook, v2: nextVersion(playbook) };
  let processes = 0;

  const engineOf = simulatedEngines({ database, witness, definitions, leaseMs, random: weather.random });

  function start(skewMs: number, run: (engine: Engine) => Promise<unknown>): SimulatedRunner {
    const process = simulatedProcess(time, `runner-${(processes += 1)}`, skewMs);
    const ending = new AbortController();
    run(engineOf(process, ending.signal)).then(
      () => witness.answered(process),
      (thrown: unknown) => witness.answered(process, thrown),
    );
    return { ...process, shutDown: () => ending.abort(new ShuttingDown()) };
  }

  return {
    witness,
    recorded: record.recorded,
    steps: record.steps,
    counted: record.counted,
    lostOutputs: record.lostOutputs,
    deliver(skewMs, version = 'v1') {
      const window = { start: new Date(SLOT.getTime() - DAY_MS), end: SLOT };
      const request = {
        id: ID,
        playbook: definitions[version],
        version,
        slot: SLOT,
        trigger: { kind: 'schedule' as const },
        window,
      };
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
