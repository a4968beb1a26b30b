import { ALERT_PATH, alertStep } from './alert.ts';
import { claim } from './claim.ts';
import type { Claim } from './claim.ts';
import type { Execution, FinishedExecution, RunningExecution, StepRecord, Trigger } from './execution.ts';
import { PlaybookError } from './failure.ts';
import { durationMs } from './duration.ts';
import { loadExpressions, needsExpressions } from './expressions.ts';
import { finishedExecution } from './finish.ts';
import { openJournal } from './journal.ts';
import type { Journal } from './journal.ts';
import { isJsonObject } from './json.ts';
import type { JsonObject } from './json.ts';
import { namedAgents } from './named-agents.ts';
import { MAX_INLINE_BYTES } from './payloads.ts';
import type { Playbook } from './playbook.ts';
import type { Engine, RunState, Stop } from './run-state.ts';
import { runSteps } from './run-steps.ts';
import { allSteps, scopeOf } from './scope.ts';
import { evaluateCriteria } from './criteria.ts';
import { toFailure } from './to-failure.ts';

/** What is to run, and why. */
export interface ExecutionRequest {
  readonly id: string;
  readonly playbook: Playbook;
  readonly version: string;
  readonly slot: Date | null;
  readonly trigger: Trigger;
  readonly window: { readonly start: Date; readonly end: Date };
  /** The value of every input of the playbook, checked; none where it has no inputs. */
  readonly inputs?: JsonObject;
  /** The one address that is told anything, whomever the playbook names. */
  readonly onlyTo?: string;
  /** Called whenever a step begins, tries or ends; must not throw. */
  readonly onProgress?: (execution: Execution) => void;
}

/** How long people may be told of an alert after the deadline has passed. */
const ALERT_GRACE_MS = 30_000;

/**
 * Runs a playbook for one slot, once: claim, steps, finish. What another runner holds or has ended is answered from the
 * record. Throws `lease_lost` when another runner took the execution over meanwhile (its record is the answer), and
 * `unavailable` when the database is out of reach; both leave an execution that the next delivery resumes.
 */
export async function runExecution(request: ExecutionRequest, engine: Engine): Promise<Claim> {
  const claimed = await claim(newExecution(request, engine), engine);
  if (claimed.kind !== 'granted') return claimed;

  const { execution, fence } = claimed;
  const pinned = await pinnedPlaybook(execution, request, engine);
  const playbook = pinned ?? request.playbook;
  const journal = openJournal({ store: engine.store, clock: engine.clock, execution, fence });
  const deadline = new AbortController();
  const remainingMs = Math.max(0, execution.deadlineAt.getTime() - engine.clock.now().getTime());
  const cancel = engine.clock.after(remainingMs, () => deadline.abort(deadlineExceeded(playbook)));
  if (remainingMs === 0) deadline.abort(deadlineExceeded(playbook));
  try {
    const run = await openRun({ playbook, execution, journal, deadline: deadline.signal, request, engine });
    const finished = await runToEnd(run, pinned === undefined ? missingVersion(execution, run) : undefined);
    await journal.finish(finished);
    request.onProgress?.(finished);
    return { kind: 'recorded', execution: finished };
  } finally {
    cancel();
    // Whoever was answered may take the processor away: nothing of ours goes on after that.
    await journal.close();
  }
}

/** What every record of this request says, whatever becomes of it. */
export function executionHeader(request: ExecutionRequest, engine: Engine) {
  const { id, playbook, version, slot, trigger, window, onlyTo } = request;
  const now = engine.clock.now();
  const inputs = engine.redact.json(request.inputs ?? {});
  return {
    id,
    playbookId: playbook.id,
    playbookName: playbook.name,
    version,
    slot,
    trigger,
    labels: playbook.labels ?? {},
    inputs: isJsonObject(inputs) ? inputs : {},
    ...(onlyTo === undefined ? {} : { onlyTo }),
    agents: namedAgents(playbook, engine.stepTypes),
    window: { ...window },
    startedAt: now,
    expireAt: new Date(now.getTime() + engine.retentionMs),
    stepsExecuted: 0,
    steps: {},
  };
}

/** The execution as it begins, before anybody knows whether its slot is still free. */
function newExecution(request: ExecutionRequest, engine: Engine): RunningExecution {
  const header = executionHeader(request, engine);
  const owner = engine.newOwner();
  return {
    ...header,
    status: 'running',
    deadlineAt: new Date(header.startedAt.getTime() + durationMs(request.playbook.deadline)),
    lease: { owner, nonce: `${owner}:0`, durationMs: engine.leaseMs, takeovers: 0 },
  };
}

/** A resumed execution goes on with the definition that it began with; undefined where that is not kept any more. */
async function pinnedPlaybook(
  execution: RunningExecution,
  request: ExecutionRequest,
  engine: Engine,
): Promise<Playbook | undefined> {
  if (execution.version === request.version) return request.playbook;
  return engine.loadDefinition(execution.playbookId, execution.version);
}

function missingVersion({ version, playbookId }: RunningExecution, run: RunState): Stop {
  const message = `Version ${version} of ${playbookId}, which this execution began with, is not kept any more.`;
  return { path: null, failure: run.toFailure(new PlaybookError('invalid_playbook', message)) };
}

interface Opening {
  readonly playbook: Playbook;
  readonly execution: RunningExecution;
  readonly journal: Journal;
  readonly deadline: AbortSignal;
  readonly request: ExecutionRequest;
  readonly engine: Engine;
}

async function openRun({ playbook, execution, journal, deadline, request, engine }: Opening): Promise<RunState> {
  return {
    engine,
    playbook,
    execution,
    journal,
    expressions: await loadExpressions(needsExpressions(playbook, engine.stepTypes)),
    scope: scopeOf(playbook, execution, stepIds(playbook, engine)),
    signal: AbortSignal.any([deadline, journal.lost]),
    inlineBytes: recordedBytes(journal.steps.values()),
    effectPending: false,
    continuedFailure: undefined,
    toFailure(thrown) {
      const failure = toFailure(thrown, engine.redact);
      if (failure.code === 'internal') engine.onFault?.(thrown, execution.id);
      return failure;
    },
    progress: () => request.onProgress?.({ ...execution, steps: Object.fromEntries(journal.steps) }),
  };
}

/** None where the nested steps cannot be read: `checkRunnable` meets the same, where the execution can end by it. */
function stepIds(playbook: Playbook, engine: Engine): readonly string[] {
  try {
    return allSteps(playbook.steps, engine.stepTypes).map(({ step }) => step.id);
  } catch {
    return [];
  }
}

/** What payloads of an earlier runner take in the record, roughly: none is larger than the inline limit. */
function recordedBytes(steps: Iterable<StepRecord>): number {
  let bytes = 0;
  for (const { attempts } of steps)
    bytes += Math.min(Buffer.byteLength(JSON.stringify(attempts)), 2 * MAX_INLINE_BYTES);
  return bytes;
}

async function runToEnd(run: RunState, refusal: Stop | undefined): Promise<FinishedExecution> {
  try {
    const stop = refusal ?? checkRunnable(run) ?? (await runSteps(run.playbook.steps, '', run));
    run.journal.lost.throwIfAborted();
    const scope = run.scope.at(measuredAt(run));
    const criteria = evaluateCriteria(run.playbook.criteria ?? [], scope, run.expressions);
    const alert = alertStep(run, stop, criteria);
    const alertStop = alert === undefined ? undefined : await runAlert(alert, run);
    return finishedExecution(run, stop ?? run.continuedFailure ?? alertStop, criteria);
  } catch (thrown) {
    run.journal.lost.throwIfAborted();
    if (thrown instanceof PlaybookError && thrown.code === 'unavailable') throw thrown;
    // A bug must end the execution, or every runner that takes it over would meet it again.
    return finishedExecution(run, { path: null, failure: run.toFailure(thrown) }, []);
  }
}

/** When the last step of the playbook ended: a resumed execution measures the same, and tells of it once. */
function measuredAt({ journal, execution }: RunState): Date {
  const ends = Array.from(journal.steps.values(), (step) =>
    step.path !== ALERT_PATH && step.status !== 'running' ? step.completedAt.getTime() : 0,
  );
  return new Date(Math.max(execution.startedAt.getTime(), ...ends));
}

/** What names a step type, tool or channel that does not exist must not begin: half of it would be done. */
function checkRunnable(run: RunState): Stop | undefined {
  for (const { path, step } of allSteps(run.playbook.steps, run.engine.stepTypes)) {
    try {
      const type = run.engine.stepTypes.get(step.type);
      if (type === undefined) {
        throw new PlaybookError('invalid_playbook', `There is no step type ${step.type}; this runner may be too old.`);
      }
      if (type.kind === 'action') type.effect(step);
    } catch (thrown) {
      return { path, failure: run.toFailure(thrown) };
    }
  }
  return undefined;
}

/** People are told of an alert also when the deadline has passed, for a while. */
async function runAlert(alert: Parameters<typeof runSteps>[0][number], run: RunState): Promise<Stop | undefined> {
  const graceOver = new AbortController();
  const signal = AbortSignal.any([graceOver.signal, run.journal.lost]);
  const deadlineAt = new Date(run.engine.clock.now().getTime() + ALERT_GRACE_MS);
  const cancel = run.engine.clock.after(ALERT_GRACE_MS, () => graceOver.abort(deadlineExceeded(run.playbook)));
  try {
    return await runSteps([alert], '', { ...run, signal, execution: { ...run.execution, deadlineAt } });
  } finally {
    cancel();
  }
}

function deadlineExceeded(playbook: Playbook): PlaybookError {
  return new PlaybookError(
    'deadline_exceeded',
    `${playbook.name} took longer than its deadline of ${playbook.deadline}.`,
  );
}
