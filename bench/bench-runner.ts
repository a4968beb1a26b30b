import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { systemClock } from '#adapters/system-clock.ts';
import type { Clock } from '#core/clock.ts';
import { DAY_MS } from '#core/duration.ts';
import { JsonValue } from '#core/json.ts';
import { outputRoom } from '#engine/state/output-room.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import { redactor } from '#core/redact/redact.ts';
import type { Engine } from '#engine/state/run-state.ts';
import type { ActionStepType, StepType } from '#language/playbook/step-type.ts';
import type { RunnerReply, RunnerRequest } from '#http/request.ts';
import { answerDelivery, type RunnerWorld } from '#http/runner.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { cachedControl } from '#records/settings/control.ts';
import { withSmallStatistics } from '#records/executions/small-statistics.ts';
import { executionStore, loadExecution } from '#records/executions/executions.ts';
import { loadPlaybook } from '#records/playbooks/playbooks.ts';
import { applySeed } from '#records/playbooks/seed-playbooks.ts';
import { condition } from '#steps/condition.ts';

const SECRET = 'known-to-the-benchmark-only';
const MAX_STEPS_IN_LIST = 200;

/** How a measured runner differs from the one in production. */
export interface BenchRunnerOptions {
  /** What every step does; nothing by default. */
  readonly step?: (path: string) => Promise<void> | void;
  readonly leaseMs?: number;
  readonly clock?: Clock;
}

/** The product's runner with a step type that costs nothing. */
export interface BenchRunner {
  /** Delivers `playbookId`, for a slot if one is given, and throws unless the execution succeeds. */
  deliver(playbookId: string, slot?: Date): Promise<RunnerReply>;
}

/** Writes a playbook of `steps` steps without effects to the database, under a unique name; resolves to its id. */
export async function seedSteps(documents: Documents, steps: number, name = 'steps'): Promise<string> {
  const playbook = Playbook.parse({
    id: `bench_${steps}_${name}`,
    name: `Bench of ${steps} steps`,
    deadline: '10m',
    steps: stepsIn(steps),
  });
  await applySeed(documents, [{ playbook, version: `v${steps}`, source: '' }], new Date());
  return playbook.id;
}

/** The steps as written: the length of a list is limited, so more steps are nested in blocks. */
function stepsIn(count: number): z.input<typeof Playbook>['steps'] {
  const steps = Array.from({ length: count }, (_, index) => ({ id: `step_${index}`, type: 'noop' }));
  if (count <= MAX_STEPS_IN_LIST) return steps;
  return Array.from({ length: Math.ceil(count / MAX_STEPS_IN_LIST) }, (_, index) => ({
    id: `block_${index}`,
    type: 'condition',
    if: 'true',
    then: steps.slice(index * MAX_STEPS_IN_LIST, (index + 1) * MAX_STEPS_IN_LIST),
  }));
}

/** The runner with `documents` as its database. */
export function openRunner(documents: Documents, options: BenchRunnerOptions = {}): BenchRunner {
  const { clock = systemClock } = options;
  const world: RunnerWorld = {
    clock,
    engine: engineOn(documents, clock, options),
    callers: { secrets: [SECRET], verifyToken: undefined },
    loadPlaybook: (id) => loadPlaybook(documents, id),
    loadControl: cachedControl(documents, clock),
    loadExecution: (id) => loadExecution(documents, id),
    loadPeople: async () => ({ allowedRecipients: [] }),
    newId: randomUUID,
    log: () => undefined,
  };
  return {
    async deliver(playbookId, slot) {
      const reply = await answerDelivery(deliveryOf(playbookId, slot), world);
      if (reply.status !== 200) throw new Error(`The runner answered ${reply.status}: ${JSON.stringify(reply.body)}`);
      return reply;
    },
  };
}

function engineOn(documents: Documents, clock: Clock, options: BenchRunnerOptions): Engine {
  const { step = () => undefined, leaseMs = 60_000 } = options;
  return {
    stepTypes: new Map<string, StepType>([noop(step), condition].map((type) => [type.type, type])),
    store: withSmallStatistics(executionStore(documents), documents),
    clock,
    redact: redactor(() => [SECRET]),
    random: Math.random,
    newOwner: randomUUID,
    leaseMs,
    outputs: outputRoom(),
    retentionMs: 400 * DAY_MS,
    loadDefinition: async () => undefined,
  };
}

function deliveryOf(playbookId: string, slot: Date | undefined): RunnerRequest {
  const scheduled = slot === undefined ? {} : { 'x-cloudscheduler-scheduletime': [slot.toISOString()] };
  return {
    method: 'POST',
    query: new URLSearchParams({ playbookId }),
    headers: { authorization: [`Bearer ${SECRET}`], ...scheduled },
    body: async () => new Uint8Array(),
  };
}

function noop(run: NonNullable<BenchRunnerOptions['step']>): ActionStepType {
  return {
    kind: 'action',
    type: 'noop',
    summary: 'Does nothing.',
    fields: {},
    output: JsonValue,
    example: {},
    defaultTimeoutMs: 60_000,
    effect: () => 'none',
    accept:
      () =>
      async ({ stepPath }) => {
        await run(stepPath);
        return null;
      },
  };
}
