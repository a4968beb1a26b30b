import type { z } from 'zod';
import type { Json } from '#core/json.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import type { StepContext } from '#language/playbook/step-type.ts';
import type { RunnerRequest } from '#http/request.ts';
import { answerDelivery } from '#http/runner.ts';
import type { RunnerWorld } from '#http/runner.ts';
import type { Control } from '#records/settings/control.ts';
import { loadExecution } from '#records/executions/executions.ts';
import { openEngineWorld, scripted } from '../builders/engine-world.ts';

/** The secret that a runner of a test accepts now. */
export const SECRET = 'current-secret-of-thirty-two-bytes';
/** The secret that it accepted before, and still does. */
export const PREVIOUS = 'previous-secret-of-thirty-two-byte';
const RUNNING: Control = { mode: 'run', until: null, reason: '', by: '' };

/** What a test says of the runner, of its one playbook, and of what its steps do. */
export interface OpenRunnerOptions {
  /** The type of the one step: `ok` or `bad`. */
  readonly step?: string;
  readonly inputs?: z.input<typeof Playbook>['inputs'];
  readonly schedule?: z.input<typeof Playbook>['schedule'];
  /** What the time is; shortly after the slot of `aCall` unless said otherwise. */
  readonly now?: string;
  readonly secrets?: readonly string[];
  readonly record?: { readonly enabled?: boolean; readonly pause?: { reason: string; until: Date | null; by: string } };
  readonly control?: Control;
  readonly load?: RunnerWorld['loadPlaybook'];
  readonly does?: (inputs: Json | undefined, context: StepContext) => unknown;
}

/** A runner on a database in memory that counts, with one playbook `ops_test`. */
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
    /** Of what was thrown, where an entry says so. */
    stacks,
    lookups: () => lookups,
    answer: (request: RunnerRequest) => answerDelivery(request, world),
  };
}

/** What a call of a test says differently. */
export interface Call {
  readonly method?: string;
  readonly search?: string;
  readonly headers?: RunnerRequest['headers'];
  readonly body?: string;
}

/** The header of a caller that the runner knows. */
export const authorized = { authorization: [`Bearer ${SECRET}`] };
const due = { ...authorized, 'x-cloudscheduler-scheduletime': ['2026-11-20T14:00:00Z'] };

/** A call as Cloud Scheduler makes it for a slot; without the schedule time among its headers, one by hand. */
export function aCall({
  method = 'POST',
  search = 'playbookId=ops_test',
  headers = due,
  body = '',
}: Call = {}): RunnerRequest {
  return { method, query: new URLSearchParams(search), headers, body: async () => new TextEncoder().encode(body) };
}
