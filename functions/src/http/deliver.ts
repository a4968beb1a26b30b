import { claimSkipped } from '#engine/claim/claim.ts';
import { isOrphaned } from '#engine/claim/lease.ts';
import type { Clock } from '#core/clock.ts';
import { duenessOf } from '#language/playbook/dueness.ts';
import { DAY_MS } from '#core/duration.ts';
import { manualExecutionId, slotExecutionId } from '#engine/record/execution-id.ts';
import { isEnded, type Execution, type FinishedExecution, type SkippedExecution } from '#engine/record/execution.ts';
import { isFromNewerVersion, PlaybookError } from '#core/failure.ts';
import { runExecution, type Ran } from '#engine/run-execution.ts';
import { executionHeader, type ExecutionRequest } from '#engine/new-execution.ts';
import type { Engine } from '#engine/state/run-state.ts';
import type { Log } from '#ports/log.ts';
import type { Control } from '#records/settings/control.ts';
import {
  manualRequest,
  recordedRequest,
  scheduledRequest,
  type StartWorld,
} from '#records/executions/execution-request.ts';
import { pauseAt, type PlaybookRecord } from '#records/playbooks/playbooks.ts';
import { isOutOfReach } from '#records/store/reachable.ts';
import type { Delivery } from './delivery.ts';
import { executionLogEntry } from './execution-log.ts';
import { BadCall, requestIdTaken } from './request.ts';
import type { Delivered } from './runner-reply.ts';

/** What a delivery needs from the rest of the product. */
export interface DeliveryWorld {
  readonly clock: Clock;
  readonly engine: Engine;
  loadPlaybook(id: string): Promise<PlaybookRecord | undefined>;
  loadControl(): Promise<Control>;
  loadExecution(id: string): Promise<Execution | undefined>;
  readonly loadPeople: StartWorld['loadPeople'];
  /** Creates a random id, for executions without a slot. */
  readonly newId: () => string;
  readonly log: Log;
}

type GivenBack = Extract<Ran, { readonly kind: 'given_back' }>;

/** Slots older than this on delivery are recorded as skipped: they are no longer relevant. */
const CATCH_UP_MS = DAY_MS;

/**
 * Runs the requested playbook, or records why it does not run. An execution that has lost its runner is continued to
 * its end, even if a new one could not begin now: its playbook is paused, disabled, changed or gone, or its slot is
 * old. Throws `BadCall`, and what `runExecution` throws.
 */
export async function deliver(delivery: Delivery, world: DeliveryWorld): Promise<Delivered | GivenBack> {
  const { request, skip } = await wantedOf(delivery, world);
  if (skip === undefined) return run(request, world);
  const claimed = await claimSkipped(skippedExecution(request, skip, world), world.engine);
  if (claimed.kind === 'another_request') throw requestIdTaken(claimed.execution);
  if (claimed.kind === 'orphaned') return run(request, world);
  if (claimed.kind === 'skipped') logEnd(claimed.execution, undefined, world);
  return claimed;
}

interface Wanted {
  readonly request: ExecutionRequest;
  /** Why no new execution begins. */
  readonly skip?: Skip | undefined;
}

/** What to run or skip; if it can no longer begin, the execution that has already begun. */
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

/** Runs the execution; if another runner has taken it over, answers with its record. */
async function run(request: ExecutionRequest, world: DeliveryWorld): Promise<Delivered | GivenBack> {
  try {
    const ran = await runExecution(request, world.engine);
    if (ran.kind === 'another_request') throw requestIdTaken(ran.execution);
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
    return answerFrom(execution);
  }
}

/** The answer to a runner that another one has overtaken. */
function answerFrom(execution: Execution): Delivered {
  if (isEnded(execution)) return { kind: 'recorded', execution };
  return execution.status === 'waiting' ? { kind: 'waiting', execution } : { kind: 'held', execution };
}

async function knownPlaybook(playbookId: string, world: DeliveryWorld): Promise<PlaybookRecord> {
  const record = await world.loadPlaybook(playbookId);
  if (record !== undefined) return record;
  world.log('WARNING', 'A call named a playbook that does not exist', { playbookId });
  throw new BadCall(
    404,
    `Unknown playbook ${playbookId}. Seed it with npm run seed, or delete its Cloud Scheduler job.`,
  );
}

/** Throws `BadCall` if the inputs of a manual start do not fit the playbook. */
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

/** The execution of this delivery that has lost its runner, to be continued from its record. */
async function orphanOf(delivery: Delivery, { engine }: DeliveryWorld): Promise<ExecutionRequest | undefined> {
  const id = executionIdOfDelivery(delivery);
  const stored = id === undefined ? undefined : await engine.store.read(id);
  if (stored === undefined) return undefined;
  const { execution } = stored;
  if (!isOrphaned(stored) || isEnded(execution)) return undefined;
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
  if (!record.enabled) return { reason: 'disabled', explanation: 'The playbook is disabled.' };
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
    const explanation = 'The clocks were set back, and it has already run at this local time.';
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

/** It ran, so that nothing is silently left out, but the caller uses a different schedule than the playbook. */
function warnOffSchedule({ id: executionId, playbookId, slot }: FinishedExecution, { log }: DeliveryWorld): void {
  log('WARNING', 'A playbook ran for a slot that is not in its schedule', {
    executionId,
    playbookId,
    slot: slot?.toISOString(),
    advice: 'Compare the job of Cloud Scheduler with the schedule of the playbook: npm run schedulers -- --dry-run.',
  });
}

/** One entry per execution, by the process that ended it. */
function logEnd(execution: FinishedExecution | SkippedExecution, thrown: unknown, { log }: DeliveryWorld): void {
  const { severity, message, fields } = executionLogEntry(execution, thrown);
  log(severity, message, fields);
}

/** Whether the same call may succeed later: the database is unreachable, or a newer version is being deployed. */
function isForLater(thrown: unknown): boolean {
  return isFromNewerVersion(thrown) || isOutOfReach(thrown);
}
