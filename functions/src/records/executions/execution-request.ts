import { cut } from '#core/cut.ts';
import { duenessOf } from '#language/playbook/dueness.ts';
import { manualExecutionId, slotExecutionId } from '#engine/record/execution-id.ts';
import { PlaybookError } from '#core/failure.ts';
import { defaultInputs, parseInputs } from '#language/playbook/inputs.ts';
import { occasionOf, type RunningExecution } from '#engine/record/execution.ts';
import { jsonDigest } from '#core/json-digest.ts';
import { addressProblem } from '#core/mail-address.ts';
import type { ExecutionRequest } from '#engine/new-execution.ts';
import { windowOf } from '#language/playbook/schedule.ts';
import type { Playbook } from '#language/playbook/playbook.ts';
import type { ManualStart } from './manual-start.ts';
import type { PlaybookRecord } from '../playbooks/playbooks.ts';

/** A slot that is due, and the job that says so. */
export interface DueSlot {
  readonly slot: Date;
  readonly jobName: string | undefined;
}

/** What a start by hand needs of the product around it. */
export interface StartWorld {
  readonly now: Date;
  /** A random id, for a start that brings none. */
  readonly newId: () => string;
  /** Whom anything may be sent to; asked only where a start names somebody. */
  loadPeople(): Promise<{ readonly allowedRecipients: readonly string[] }>;
}

/** Cloud Scheduler's own limit (https://docs.cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs). */
const MAX_JOB_NAME_CHARS = 500;

/** What is to run of a playbook as it stands, for a slot: nobody says anything, so every input has its default. */
export function scheduledRequest(record: PlaybookRecord, { slot, jobName }: DueSlot): ExecutionRequest {
  return {
    ...requestOf(record, slot, slot),
    slot,
    id: slotExecutionId(record.id, slot),
    offSchedule: duenessOf(record.definition.schedule, slot) === 'off_schedule',
    trigger: { kind: 'schedule', ...(jobName === undefined ? {} : { jobName: cut(jobName, MAX_JOB_NAME_CHARS) }) },
    inputs: defaultInputs(record.definition),
  };
}

/**
 * What is to run of a playbook as it stands, by hand. The same `requestId` is the same execution. Throws `input_invalid` for
 * inputs that do not fit and for an address that may not be written to, and what `loadPeople` throws.
 */
export async function manualRequest(
  record: PlaybookRecord,
  { requestId, by, inputs = {}, onlyTo }: ManualStart,
  { now, newId, loadPeople }: StartWorld,
): Promise<ExecutionRequest> {
  const checked = parseInputs(record.definition, inputs);
  const address = onlyTo?.trim().toLowerCase();
  if (address !== undefined) refuseAddress(address, (await loadPeople()).allowedRecipients);
  return {
    ...requestOf(record, null, now),
    slot: null,
    id: manualExecutionId(record.id, requestId ?? newId()),
    trigger: { kind: 'manual', ...(by === undefined ? {} : { by }) },
    inputs: checked,
    requestSha256: jsonDigest({ by, inputs: checked, onlyTo: address }),
    ...(address === undefined ? {} : { onlyTo: address }),
  };
}

/** What stands in for a definition that is not kept any more: nothing to run, and somebody to be told. */
const ONLY_TO_END = {
  enabled: false,
  deadline: '1m',
  steps: [],
  // Without a channel it is told where nothing leaves the product.
  alerts: { channels: [], priority: 'high' },
} satisfies Omit<Playbook, 'id' | 'name'>;

/**
 * What is to go on of an execution that has begun, as its record says it, whatever has become of its playbook since. Without
 * the definition that it began with, it can only end.
 */
export function recordedRequest(execution: RunningExecution, definition: Playbook | undefined): ExecutionRequest {
  const { id, window, inputs, onlyTo, playbookId, playbookName, version } = execution;
  return {
    ...occasionOf(execution),
    id,
    playbook: definition ?? { ...ONLY_TO_END, id: playbookId, name: playbookName },
    version: definition === undefined ? 'not kept' : version,
    window,
    inputs,
    ...(onlyTo === undefined ? {} : { onlyTo }),
  };
}

function refuseAddress(address: string, allowedRecipients: readonly string[]): void {
  const problem = addressProblem(address, allowedRecipients);
  if (problem !== undefined) throw new PlaybookError('input_invalid', `onlyTo: ${problem}`);
}

function requestOf({ definition, version }: PlaybookRecord, slot: Date | null, now: Date) {
  return { playbook: definition, version, window: windowOf(definition.schedule, slot, now) };
}
