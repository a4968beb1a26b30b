import type { Claim } from '../engine/claim.ts';
import { claimSkipped } from '../engine/claim.ts';
import type { Clock } from '../engine/clock.ts';
import type { Execution, SkippedExecution } from '../engine/execution.ts';
import { PlaybookError } from '../engine/failure.ts';
import { DAY_MS } from '../engine/duration.ts';
import { executionHeader, runExecution } from '../engine/run-execution.ts';
import type { ExecutionRequest } from '../engine/run-execution.ts';
import type { Engine } from '../engine/run-state.ts';
import { DocumentsError } from '../ports/documents.ts';
import type { Log } from '../ports/log.ts';
import type { Control } from '../records/control.ts';
import { manualRequest, scheduledRequest } from '../records/execution-request.ts';
import type { StartWorld } from '../records/execution-request.ts';
import type { PlaybookRecord } from '../records/playbooks.ts';
import { isKnownCaller } from './authorise.ts';
import type { Callers } from './authorise.ts';
import { readDelivery } from './delivery.ts';
import type { Delivery } from './delivery.ts';
import { BadCall } from './request.ts';
import type { RunnerReply, RunnerRequest } from './request.ts';

/** What the runner needs of the product around it. */
export interface RunnerWorld {
  readonly clock: Clock;
  readonly callers: Callers;
  readonly engine: Engine;
  loadPlaybook(id: string): Promise<PlaybookRecord | undefined>;
  loadControl(): Promise<Control>;
  loadExecution(id: string): Promise<Execution | undefined>;
  readonly loadPeople: StartWorld['loadPeople'];
  /** A random id, for executions that have no slot. */
  readonly newId: () => string;
  readonly log: Log;
}

/** Slots that are older when they are delivered are recorded as skipped: their moment has passed. */
const CATCH_UP_MS = DAY_MS;

/**
 * Answers one delivery. The status tells Cloud Scheduler whether to call again: 2xx and 4xx are final, 500 repeats a slot
 * whose record then answers, 503 means that the database was out of reach and that calling again is safe and wanted.
 */
export async function answerDelivery(request: RunnerRequest, world: RunnerWorld): Promise<RunnerReply> {
  if (request.method !== 'POST') {
    return reply(405, { success: false, status: 'refused', error: 'Only POST is answered here.' }, { allow: 'POST' });
  }
  if (!(await isKnownCaller(request, world.callers))) {
    return reply(401, { success: false, status: 'refused', error: 'Unauthorized' });
  }
  try {
    const delivery = await readDelivery(request, world.clock.now());
    return replyOf(await deliver(delivery, world));
  } catch (thrown) {
    return failedReply(thrown, world);
  }
}

async function deliver(delivery: Delivery, world: RunnerWorld): Promise<Execution> {
  const record = await world.loadPlaybook(delivery.playbookId);
  if (record === undefined) {
    world.log('WARNING', 'A playbook was called that does not exist', { playbookId: delivery.playbookId });
    throw new BadCall(
      404,
      `There is no playbook ${delivery.playbookId}. Seed it with npm run seed, or delete its Cloud Scheduler job.`,
    );
  }
  const request = await requestOf(record, delivery, world);
  const skip = skipOf(record, request, await world.loadControl(), world.clock.now());
  const claimed =
    skip === undefined
      ? await runToAnswer(request, world)
      : await claimSkipped(skippedExecution(request, skip, world), world.engine);
  return claimed.execution;
}

/** Runs; when another runner took the execution over meanwhile, its record is the answer. */
async function runToAnswer(request: ExecutionRequest, world: RunnerWorld): Promise<Pick<Claim, 'execution'>> {
  try {
    return await runExecution(request, world.engine);
  } catch (thrown) {
    if (!(thrown instanceof PlaybookError) || thrown.code !== 'lease_lost') throw thrown;
    world.log('WARNING', thrown.message, { executionId: request.id });
    const execution = await world.loadExecution(request.id);
    if (execution === undefined) throw thrown;
    return { execution };
  }
}

/** Throws `BadCall` where a person says what the playbook cannot take. */
async function requestOf(record: PlaybookRecord, delivery: Delivery, world: RunnerWorld): Promise<ExecutionRequest> {
  if (delivery.kind === 'schedule') return scheduledRequest(record, delivery);
  const { clock, newId, loadPeople } = world;
  try {
    return await manualRequest(record, delivery.start, { now: clock.now(), newId, loadPeople });
  } catch (thrown) {
    if (!(thrown instanceof PlaybookError) || thrown.code !== 'input_invalid') throw thrown;
    throw new BadCall(400, thrown.message);
  }
}

type Skip = Pick<SkippedExecution, 'reason' | 'explanation'>;

function skipOf(record: PlaybookRecord, { slot }: ExecutionRequest, control: Control, now: Date): Skip | undefined {
  if (!record.enabled) return { reason: 'disabled', explanation: 'The playbook is not enabled.' };
  if (record.pause !== null && (record.pause.until === null || record.pause.until > now)) {
    return { reason: 'paused', explanation: `${record.pause.by} paused it: ${record.pause.reason}` };
  }
  if (control.mode !== 'run') {
    return { reason: 'maintenance', explanation: `${control.mode} by ${control.by}: ${control.reason}` };
  }
  if (slot !== null && now.getTime() - slot.getTime() > CATCH_UP_MS) {
    return { reason: 'stale', explanation: 'It was delivered more than a day after its slot.' };
  }
  return undefined;
}

function skippedExecution(request: ExecutionRequest, skip: Skip, { engine }: RunnerWorld): SkippedExecution {
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

function replyOf(execution: Execution): RunnerReply {
  const { id: executionId, playbookId, status, stepsExecuted } = execution;
  const named = { status, executionId, playbookId };
  switch (execution.status) {
    case 'running':
      return reply(202, { success: true, ...named, duration: null, stepsExecuted });
    case 'skipped':
      return reply(200, { success: true, ...named, duration: 0, stepsExecuted, reason: execution.reason });
    case 'succeeded':
      return reply(200, { success: true, ...named, duration: execution.duration, stepsExecuted });
    case 'failed':
      return reply(500, {
        success: false,
        ...named,
        duration: execution.duration,
        stepsExecuted,
        error: execution.error,
      });
  }
}

function failedReply(thrown: unknown, world: RunnerWorld): RunnerReply {
  if (thrown instanceof BadCall)
    return reply(thrown.status, { success: false, status: 'refused', code: thrown.code, error: thrown.message });
  if (isOutOfReach(thrown)) {
    world.log('ERROR', 'The database is out of reach', { cause: thrown });
    return reply(
      503,
      { success: false, status: 'unavailable', error: 'The database is out of reach; call again.' },
      { 'retry-after': '30' },
    );
  }
  world.log('ERROR', 'A delivery could not be answered', { cause: thrown });
  const error = thrown instanceof PlaybookError ? thrown.message : 'Unexpected error; see the log.';
  return reply(500, { success: false, status: 'failed', error });
}

function isOutOfReach(thrown: unknown): boolean {
  return (thrown instanceof DocumentsError || thrown instanceof PlaybookError) && thrown.code === 'unavailable';
}

function reply(status: number, body: RunnerReply['body'], headers: RunnerReply['headers'] = {}): RunnerReply {
  return {
    status,
    body,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
  };
}
