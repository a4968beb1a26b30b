import type { z } from 'zod';
import type { Json } from '#core/json.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import type { StepContext } from '#language/playbook/step-type.ts';
import type { RunnerRequest } from '#http/request.ts';
import { answerDelivery, type RunnerWorld } from '#http/runner.ts';
import type { Control } from '#records/settings/control.ts';
import { loadExecution } from '#records/executions/executions.ts';
import { openEngineWorld, scripted } from '../builders/engine-world.ts';

/** The current secret of a test's runner. */
export const SECRET = 'current-secret-of-thirty-two-bytes';
/** The previous secret, which it still accepts. */
export const PREVIOUS = 'previous-secret-of-thirty-two-byte';
const RUNNING: Control = { mode: 'run', until: null, reason: '', by: '' };

/** A test's options for the runner, its only playbook, and its steps. */
export interface OpenRunnerOptions {
  /** The type of its only step: `ok` or `bad`. */
  readonly step?: string;
  readonly inputs?: z.input<typeof Playbook>['inputs'];
  readonly schedule?: z.input<typeof Playbook>['schedule'];
  /** The current time; shortly after the slot of `aCall` by default. */
  readonly now?: string;
  readonly secrets?: readonly string[];
  readonly record?: { readonly enabled?: boolean; readonly pause?: { reason: string; until: Date | null; by: string } };
  readonly control?: Control;
  readonly load?: RunnerWorld['loadPlaybook'];
  readonly does?: (inputs: Json | undefined, context: StepContext) => unknown;
}

/** A runner on a counting in-memory database, with one playbook, `ops_test`. */
export function openRunner(options: OpenRunnerOptions = {}) {
  const { step = 'ok', inputs, schedule, record = {}, control = RUNNING, load, does = () => 1 } = options;
  const ok = scripted('ok', (input, context) => does(input['with'], context));
  const bad = scripted('bad', () => {
    throw new Error('broken');
  });
  const engineWorld = openEngineWorld([ok, bad], options.secrets === undefined ? {} : { secrets: options.secrets });
  const { clock, engine, documents } = engineWorld;
  if (options.now !== undefined) clock.advance(Date.parse(options.now) - clock.now().getTime());
  const definition = Playbook.parse({
    id: 'ops_test',
    name: 'Test',
    inputs,
    schedule,
    steps: [{ id: 'one', type: step, with: '${{ inputs }}' }],
  });
  let ids = 0;
  let lookups = 0;
  const logged: string[] = [];
  const stacks: string[] = [];
  const world: RunnerWorld = {
    clock,
    engine,
    callers: { secrets: [SECRET, PREVIOUS], verifyToken: async (token) => token === 'a.valid.token' },
    async loadPlaybook(id) {
      lookups += 1;
      if (load !== undefined) return load(id);
      if (id !== 'ops_test') return undefined;
      const fixed = { id, name: 'Test', version: 'v1', seededEnabled: true, definition, seededAt: clock.now() };
      return { ...fixed, enabled: record.enabled ?? true, pause: record.pause ?? null };
    },
    loadControl: async () => control,
    loadExecution: (id) => loadExecution(documents, id),
    loadPeople: async () => ({ allowedRecipients: ['@example.com'] }),
    newId: () => `id${(ids += 1)}`,
    log(severity, message, fields) {
      logged.push(`${severity} ${message} ${JSON.stringify(fields)}`);
      if (fields['cause'] instanceof Error) stacks.push(fields['cause'].stack ?? '');
    },
  };
  return {
    ...engineWorld,
    logged,
    /** The stacks of the errors in log entries. */
    stacks,
    lookups: () => lookups,
    answer: (request: RunnerRequest) => answerDelivery(request, world),
  };
}

/** A test's changes to a call. */
export interface Call {
  readonly method?: string;
  readonly search?: string;
  readonly headers?: RunnerRequest['headers'];
  readonly body?: string;
}

/** The header of an authorized caller. */
export const authorized = { authorization: [`Bearer ${SECRET}`] };
const due = { ...authorized, 'x-cloudscheduler-scheduletime': ['2026-11-20T14:00:00Z'] };

/** A call by Cloud Scheduler for a slot; without the schedule time in its headers, a manual one. */
export function aCall({
  method = 'POST',
  search = 'playbookId=ops_test',
  headers = due,
  body = '',
}: Call = {}): RunnerRequest {
  return { method, query: new URLSearchParams(search), headers, body: async () => new TextEncoder().encode(body) };
}
