import { cut } from '#core/cut.ts';
import { duenessOf } from '#language/playbook/dueness.ts';
import { manualExecutionId, slotExecutionId } from '#engine/record/execution-id.ts';
import { PlaybookError } from '#core/failure.ts';
import { defaultInputs, parseInputs } from '#language/playbook/inputs.ts';
import type { UnendedExecution } from '#engine/record/execution.ts';
import { occasionOf } from '#engine/record/occasion.ts';
import { jsonDigest } from '#core/json-digest.ts';
import { addressProblem } from '#core/mail-address.ts';
import type { ExecutionRequest } from '#engine/new-execution.ts';
import { windowOf } from '#language/playbook/schedule.ts';
import type { Playbook } from '#language/playbook/playbook.ts';
import type { ManualStart } from './manual-start.ts';
import type { PlaybookRecord } from '../playbooks/playbooks.ts';

/** A slot that is due, and its job. */
export interface DueSlot {
  readonly slot: Date;
  readonly jobName: string | undefined;
}

/** The dependencies of a manual start. */
export interface StartWorld {
  readonly now: Date;
  /** A random id, for a start without one. */
  readonly newId: () => string;
  /** The permitted recipients; loaded only where a start names a recipient. */
  loadPeople(): Promise<{ readonly allowedRecipients: readonly string[] }>;
}

/** Cloud Scheduler's own limit (https://docs.cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs). */
const MAX_JOB_NAME_CHARS = 500;

/** The request to run a playbook's current version for a slot: every input has its default. */
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
 * The request to run a playbook's current version manually. The same `requestId` is the same execution. Throws
 * `input_invalid` for invalid inputs and for a recipient that is not permitted, and what `loadPeople` throws.
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

/** The substitute for a definition that is no longer stored: no steps, and alerts that notify people. */
const ONLY_TO_END = {
  enabled: false,
  deadline: '1m',
  steps: [],
  // Without channels the alert stays in the product.
  alerts: { channels: [], priority: 'high' },
} satisfies Omit<Playbook, 'id' | 'name'>;

/**
 * The request to continue an execution as recorded, regardless of later changes to its playbook. Without the definition that
 * it began with, it can only end.
 */
export function recordedRequest(execution: UnendedExecution, definition: Playbook | undefined): ExecutionRequest {
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
