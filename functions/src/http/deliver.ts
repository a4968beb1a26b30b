import { claimSkipped } from '#engine/claim/claim.ts';
import { isHeld } from '#engine/claim/lease.ts';
import type { Clock } from '#core/clock.ts';
import { duenessOf } from '#language/playbook/dueness.ts';
import { DAY_MS } from '#core/duration.ts';
import { manualExecutionId, slotExecutionId } from '#engine/record/execution-id.ts';
import type { Execution, FinishedExecution, SkippedExecution } from '#engine/record/execution.ts';
import { isFromNewerVersion, PlaybookError } from '#core/failure.ts';
import { runExecution } from '#engine/run-execution.ts';
import { executionHeader } from '#engine/new-execution.ts';
import type { Ran } from '#engine/run-execution.ts';
import type { ExecutionRequest } from '#engine/new-execution.ts';
import type { Engine } from '#engine/state/run-state.ts';
import type { Log } from '#ports/log.ts';
import type { Control } from '#records/settings/control.ts';
import { manualRequest, recordedRequest, scheduledRequest } from '#records/executions/execution-request.ts';
import type { StartWorld } from '#records/executions/execution-request.ts';
import { pauseAt, type PlaybookRecord } from '#records/playbooks/playbooks.ts';
import { isOutOfReach } from '#records/store/reachable.ts';
import type { Delivery } from './delivery.ts';
import { executionLogEntry } from './execution-log.ts';
import { BadCall } from './request.ts';
import type { Delivered } from './runner-reply.ts';

/** What delivering needs of the product around it. */
export interface DeliveryWorld {
  readonly clock: Clock;
  readonly engine: Engine;
  loadPlaybook(id: string): Promise<PlaybookRecord | undefined>;
  loadControl(): Promise<Control>;
  loadExecution(id: string): Promise<Execution | undefined>;
  readonly loadPeople: StartWorld['loadPeople'];
  /** A random id, for executions that have no slot. */
  readonly newId: () => string;
  readonly log: Log;
}

type GivenBack = Extract<Ran, { readonly kind: 'given_back' }>;

/** Slots that are older when they are delivered are recorded as skipped: their moment has passed. */
const CATCH_UP_MS = DAY_MS;

/**
 * Runs what a call asks for, or records why nothing runs. What has begun and lost its runner goes on to its end, whatever
 * would keep a new execution from beginning by now: its playbook is paused, disabled, changed or gone, its slot is old.
 * Throws `BadCall`, and what `runExecution` throws.
 */
export async function deliver(delivery: Delivery, world: DeliveryWorld): Promise<Delivered | GivenBack> {
  const { request, skip } = await wantedOf(delivery, world);
  if (skip === undefined) return run(request, world);
  const claimed = await claimSkipped(skippedExecution(request, skip, world), world.engine);
  if (claimed.kind === 'another_request') throw anotherRequest(claimed.execution);
  if (claimed.kind === 'orphaned') return run(request, world);
  if (claimed.kind === 'skipped') logEnd(claimed.execution, undefined, world);
  return claimed;
}

interface Wanted {
  readonly request: ExecutionRequest;
  /** Why nothing new begins. */
  readonly skip?: Skip | undefined;
}

/** What is to run, or skipped; of what cannot begin any more at all, what has begun of it. */
async function wantedOf(delivery: Delivery, world: DeliveryWorld): Promise<Wanted> {
  try {
    const record = await knownPlaybook(delivery.playbookId, world);
    const request = await requestOf(record, delivery, world);
    return { request, skip: skipOf(record, request, await world.loadControl(), world.clock.now()) };
  } catch (thrown) {
    const orphan = isForLater(thrown) ? undefined : await orphanOf(delivery, world);
    if (orphan === undefined) throw thrown;
    return { request: orphan };
  }
}

/** Runs; when another runner took the execution over meanwhile, its record is the answer. */
async function run(request: ExecutionRequest, world: DeliveryWorld): Promise<Delivered | GivenBack> {
  try {
    const ran = await runExecution(request, world.engine);
    if (ran.kind === 'another_request') throw anotherRequest(ran.execution);
    if (ran.kind === 'ended') {
      if (ran.execution.offSchedule === true) warnOffSchedule(ran.execution, world);
      logEnd(ran.execution, ran.thrown, world);
    }
    return ran;
  } catch (thrown) {
    if (!(thrown instanceof PlaybookError) || thrown.code !== 'lease_lost') throw thrown;
    world.log('WARNING', thrown.message, { executionId: request.id });
    const execution = await world.loadExecution(request.id);
    if (execution === undefined) throw thrown;
    return execution.status === 'running' ? { kind: 'held', execution } : { kind: 'recorded', execution };
  }
}

async function knownPlaybook(playbookId: string, world: DeliveryWorld): Promise<PlaybookRecord> {
  const record = await world.loadPlaybook(playbookId);
  if (record !== undefined) return record;
  world.log('WARNING', 'A playbook was called that does not exist', { playbookId });
  throw new BadCall(
    404,
    `There is no playbook ${playbookId}. Seed it with npm run seed, or delete its Cloud Scheduler job.`,
  );
}

/** Throws `BadCall` where a person says what the playbook cannot take. */
async function requestOf(record: PlaybookRecord, delivery: Delivery, world: DeliveryWorld): Promise<ExecutionRequest> {
  if (delivery.kind === 'schedule') return scheduledRequest(record, delivery);
  const { clock, newId, loadPeople } = world;
  try {
    return await manualRequest(record, delivery.start, { now: clock.now(), newId, loadPeople });
  } catch (thrown) {
    if (!(thrown instanceof PlaybookError) || thrown.code !== 'input_invalid') throw thrown;
    throw new BadCall(400, thrown.message);
  }
}

/** What has begun of this delivery and has lost its runner, to go on as its record says. */
async function orphanOf(delivery: Delivery, { engine }: DeliveryWorld): Promise<ExecutionRequest | undefined> {
  const id = executionIdOfDelivery(delivery);
  const stored = id === undefined ? undefined : await engine.store.read(id);
  if (stored === undefined) return undefined;
  const { execution } = stored;
  if (execution.status !== 'running' || isHeld(stored, execution.lease)) return undefined;
  const definition = await engine.loadDefinition(execution.playbookId, execution.version).catch((thrown: unknown) => {
    if (isForLater(thrown)) throw thrown;
    return undefined;
  });
  return recordedRequest(execution, definition);
}

function executionIdOfDelivery(delivery: Delivery): string | undefined {
  if (delivery.kind === 'schedule') return slotExecutionId(delivery.playbookId, delivery.slot);
  const { requestId } = delivery.start;
  return requestId === undefined ? undefined : manualExecutionId(delivery.playbookId, requestId);
}

type Skip = Pick<SkippedExecution, 'reason' | 'explanation'>;

function skipOf(record: PlaybookRecord, { slot }: ExecutionRequest, control: Control, now: Date): Skip | undefined {
  if (!record.enabled) return { reason: 'disabled', explanation: 'The playbook is not enabled.' };
  const pause = pauseAt(record.pause, now);
  if (pause !== null) return { reason: 'paused', explanation: `${pause.by} paused it: ${pause.reason}` };
  if (control.mode !== 'run') {
    return { reason: 'maintenance', explanation: `${control.mode} by ${control.by}: ${control.reason}` };
  }
  if (slot === null) return undefined;
  if (now.getTime() - slot.getTime() > CATCH_UP_MS) {
    return { reason: 'stale', explanation: 'It was delivered more than a day after its slot.' };
  }
  if (duenessOf(record.definition.schedule, slot) === 'repeated_hour') {
    const explanation = 'The clocks were set back, and it has run at this local time before.';
    return { reason: 'repeated_hour', explanation };
  }
  return undefined;
}

function skippedExecution(request: ExecutionRequest, skip: Skip, { engine }: DeliveryWorld): SkippedExecution {
  const header = executionHeader(request, engine);
  return {
    ...header,
    status: 'skipped',
    success: true,
    error: null,
    completedAt: header.startedAt,
    duration: 0,
    results: {},
    ...skip,
  };
}

/** It ran, so that nothing is left out in silence; but somebody has another schedule in mind than the playbook. */
function warnOffSchedule({ id: executionId, playbookId, slot }: FinishedExecution, { log }: DeliveryWorld): void {
  log('WARNING', 'A playbook ran for a slot that is not in its schedule', {
    executionId,
    playbookId,
    slot: slot?.toISOString(),
    advice: 'Compare the job of Cloud Scheduler with the schedule of the playbook: npm run schedulers -- --dry-run.',
  });
}

/** One entry for each execution, by whoever ended it. */
function logEnd(execution: FinishedExecution | SkippedExecution, thrown: unknown, { log }: DeliveryWorld): void {
  const { severity, message, fields } = executionLogEntry(execution, thrown);
  log(severity, message, fields);
}

function anotherRequest({ id, startedAt }: Execution): BadCall {
  return new BadCall(
    409,
    `The request id of ${id} was used at ${startedAt.toISOString()} for a start that said something else. ` +
      'Repeat exactly what was said then, or take another request id.',
    { code: 'request_id_taken' },
  );
}

/** Whether the same call may go well in a while: the database is out of reach, or a newer version is being deployed. */
function isForLater(thrown: unknown): boolean {
  return isFromNewerVersion(thrown) || isOutOfReach(thrown);
}
