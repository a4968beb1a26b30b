import { redactor } from '#core/redact/redact.ts';
import { outputRoom } from '#engine/state/output-room.ts';
import type { Engine } from '#engine/state/run-state.ts';
import type { Playbook } from '#language/playbook/playbook.ts';
import { executionStore } from '#records/executions/executions.ts';
import { condition } from '#steps/condition.ts';
import { forEach, parallel } from '../builders/waiting-steps.ts';
import type { ExecutionWitness } from './execution-witness.ts';
import type { SimulatedDatabase } from './simulated-documents.ts';
import { simulatedSteps } from './simulated-steps.ts';
import type { SimulatedProcess } from './simulated-time.ts';

/** The control steps of random playbooks. */
export const CONTROLS = [condition, parallel, forEach];

const RETENTION_MS = 400 * 86_400_000;

/** What the engines of all processes share. */
export interface SimulatedSurroundings {
  readonly database: SimulatedDatabase;
  readonly witness: ExecutionWitness;
  readonly definitions: Readonly<Record<'v1' | 'v2', Playbook>>;
  readonly leaseMs: number;
  readonly random: () => number;
}

/** Makes the engine of one process after the other; all their steps call the same service. */
export function simulatedEngines({ database, witness, definitions, leaseMs, random }: SimulatedSurroundings) {
  const side = { random, witness, asked: new Map<string, number>() };
  return (process: SimulatedProcess, shutdown: AbortSignal): Engine => {
    const documents = database.seenBy(process);
    const store = executionStore({
      get: documents.get,
      query: documents.query,
      commit(writes) {
        witness.writes(process);
        return documents.commit(writes);
      },
    });
    return {
      stepTypes: new Map([...simulatedSteps(process, side), ...CONTROLS].map((type) => [type.type, type])),
      store,
      clock: process.clock,
      redact: redactor(() => []),
      random,
      newOwner: () => process.name,
      leaseMs,
      outputs: outputRoom(),
      shutdown: { begun: shutdown, over: shutdown },
      retentionMs: RETENTION_MS,
      loadDefinition: async (_, version) => (version === 'v2' ? definitions.v2 : definitions.v1),
    };
  };
}
