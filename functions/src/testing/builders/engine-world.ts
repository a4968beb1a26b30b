import { z } from 'zod';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { DAY_MS } from '#core/duration.ts';
import { isEnded, type EndedExecution, type Execution, type FinishedExecution } from '#engine/record/execution.ts';
import type { ExecutionStore } from '#engine/record/execution-store.ts';
import { type JsonObject, JsonValue } from '#core/json.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import { readStepInput } from '#language/playbook/step-input.ts';
import { outputRoom } from '#engine/state/output-room.ts';
import { redactor } from '#core/redact/redact.ts';
import { resumeExecution, runExecution, type Ran } from '#engine/run-execution.ts';
import type { Engine } from '#engine/state/run-state.ts';
import type { ActionStepType, Effect, StepContext, StepType } from '#language/playbook/step-type.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { executionStore, loadExecution } from '#records/executions/executions.ts';
import { condition } from '#steps/condition.ts';
import { countedDocuments } from './counted-documents.ts';
import { fakeClock } from './fake-clock.ts';

/** The action of a scripted step, with its input and context. */
export type Script = (input: JsonObject, context: StepContext) => unknown;

const JsonFields = z.record(z.string(), JsonValue);

type ScriptedOptions = Partial<Pick<ActionStepType, 'fields' | 'output' | 'defaultTimeoutMs' | 'names'>> & {
  readonly does?: Effect;
};

/** A step type whose steps have one field, `with`, and do what the test specifies. */
export function scripted(type: string, script: Script, options: ScriptedOptions = {}): ActionStepType {
  const { does = 'none', fields = { with: JsonValue.optional() }, ...rest } = options;
  const schema = z.strictObject(fields);
  return {
    kind: 'action',
    type,
    summary: 'Does what a test says.',
    fields,
    output: JsonValue,
    example: {},
    defaultTimeoutMs: 60_000,
    effect: () => does,
    accept(step, given) {
      readStepInput(schema, step, given);
      return async (context) => script(JsonFields.parse(given), context);
    },
    ...rest,
  };
}

/** A step type that sends a playbook's alerts to people, with the fields `channels`, `to`, `priority`, `subject` and `body`. */
export function telling(type: string, script: Script, options: Pick<ScriptedOptions, 'defaultTimeoutMs'> = {}) {
  const fields = {
    channels: JsonValue,
    to: JsonValue.optional(),
    priority: JsonValue,
    subject: JsonValue,
    body: JsonValue,
  };
  return {
    ...scripted(type, script, { does: 'keyed', ...options, fields }),
    alertFields: ({ channels, to, priority, subject, body, onlyInside }) => ({
      channels: onlyInside ? ['dashboard'] : channels,
      ...(to !== undefined && !onlyInside && { to }),
      priority,
      subject,
      body,
    }),
  } satisfies ActionStepType;
}

const LEASE_MS = 60_000;

/** The engine on an in-memory database and a clock without waiting. */
export function openEngineWorld(
  stepTypes: readonly StepType[],
  options: { secrets?: readonly string[]; documents?: Documents } = {},
) {
  const clock = fakeClock();
  const documents = countedDocuments(options.documents ?? sqliteDocuments({ file: ':memory:', clock }));
  let owners = 0;
  const definitions = new Map<string, Playbook>();
  const engine: Engine = {
    stepTypes: new Map([...stepTypes, condition].map((type) => [type.type, type])),
    store: executionStore(documents),
    clock,
    redact: redactor(() => options.secrets ?? []),
    random: () => 0.5,
    newOwner: () => `runner-${(owners += 1)}`,
    leaseMs: LEASE_MS,
    outputs: outputRoom(),
    retentionMs: 400 * DAY_MS,
    loadDefinition: async (_, version) => definitions.get(version),
  };

  async function run(
    playbook: z.input<typeof Playbook>,
    via: { engine?: Engine; store?: ExecutionStore; version?: string } = {},
  ): Promise<Execution> {
    const parsed = Playbook.parse(playbook);
    const version = via.version ?? 'v1';
    definitions.set(version, parsed);
    const slot = new Date('2026-11-20T14:00:00.000Z');
    const claimed = await runExecution(
      {
        id: EXECUTION_ID,
        playbook: parsed,
        version,
        slot,
        trigger: { kind: 'schedule' },
        window: { start: new Date(slot.getTime() - DAY_MS), end: slot },
      },
      { ...(via.engine ?? engine), store: via.store ?? engine.store },
    );
    return claimed.execution;
  }

  /** Resumes it by its id, as a separate runner of whatever build does. */
  async function resume(by: Engine = engine): Promise<Ran | undefined> {
    return resumeExecution(EXECUTION_ID, by);
  }

  /** The execution as stored in the database. */
  async function recorded(): Promise<Execution> {
    const execution = await loadExecution(documents, EXECUTION_ID);
    if (execution === undefined) throw new Error('There is no record.');
    return execution;
  }

  return { clock, documents, engine, run, resume, recorded };
}

/** The id of the execution of every test's playbook. */
export const EXECUTION_ID = 'ops_test_20261120T140000Z';

/** A valid playbook with these steps. */
export function aPlaybook(
  steps: z.input<typeof Playbook>['steps'],
  rest: Partial<z.input<typeof Playbook>> = {},
): z.input<typeof Playbook> {
  return { id: 'ops_test', name: 'Test', deadline: '10m', ...rest, steps };
}

/** The ended execution; throws if it has not ended. */
export function ended(execution: Execution): EndedExecution {
  if (!isEnded(execution)) throw new Error(`The execution is still ${execution.status}.`);
  return execution;
}

/** The ended execution whose steps have run; throws if it is still running or was skipped. */
export function finished(execution: Execution): FinishedExecution {
  if (!isEnded(execution) || execution.status === 'skipped') throw new Error(`It is ${execution.status}.`);
  return execution;
}
