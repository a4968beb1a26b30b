import { ALERT_PATH } from './alert.ts';
import { claim } from './claim/claim.ts';
import type { Claim } from './claim/claim.ts';
import { endRun } from './end-run.ts';
import type { EndedRun } from './end-run.ts';
import type { Execution, RunningExecution, StepRecord, Trigger } from './record/execution.ts';
import { isUnavailable, PlaybookError } from '#core/failure.ts';
import { durationMs } from '#core/duration.ts';
import { loadExpressions } from '#language/expressions/expressions.ts';
import { needsExpressions } from './needs-expressions.ts';
import { brokenOff } from './finish.ts';
import { openJournal } from './journal/journal.ts';
import type { Journal } from './journal/journal.ts';
import { isJsonObject } from '#core/json.ts';
import type { JsonObject } from '#core/json.ts';
import { namedAgents } from './named-agents.ts';
import { executionOutputs } from './state/output-room.ts';
import { MAX_INLINE_BYTES, stepsRoomOf } from './step/payloads.ts';
import type { Playbook } from '#language/playbook/playbook.ts';
import { ShuttingDown } from './state/run-state.ts';
import type { Engine, RunState, Shutdown, Stop } from './state/run-state.ts';
import { runSteps } from './flow/run-steps.ts';
import { scopeOf } from './state/scope.ts';
import { allSteps } from '#language/playbook/steps-in-order.ts';
import { stepUnderWay } from './record/step-under-way.ts';
import { END_GRACE_MS } from './journal/time-limits.ts';
import { toFailure } from '#core/redact/to-failure.ts';
import { unlessAborted } from '#core/unless-aborted.ts';

/** What is to run, and why. */
export interface ExecutionRequest {
  readonly id: string;
  readonly playbook: Playbook;
  readonly version: string;
  readonly slot: Date | null;
  readonly trigger: Trigger;
  readonly window: { readonly start: Date; readonly end: Date };
  /** The slot is none at which the playbook is due. */
  readonly offSchedule?: boolean;
  /** The value of every input of the playbook, checked; none where it has no inputs. */
  readonly inputs?: JsonObject;
  /** The one address that is told anything, whomever the playbook names. */
  readonly onlyTo?: string;
  /** Of what a person said to start it: the same id with another digest is another request. */
  readonly requestSha256?: string;
  /** Called whenever a step begins, tries or ends; must not throw. */
  readonly onProgress?: (execution: Execution) => void;
}

/**
 * What came of a request. `ended`: this runner has ended the execution; `thrown` is what was thrown behind its failure, for
 * the log. `given_back`: this process ends, and the next delivery goes on at once. Else what a claim answers.
 */
export type Ran =
  | ({ readonly kind: 'ended' } & EndedRun)
  | { readonly kind: 'given_back'; readonly execution: RunningExecution }
  | Exclude<Claim, { readonly kind: 'granted' }>;

/** So many runners in a row may vanish before a step ends: then the execution ends as failed, and people are told. */
const MAX_INTERRUPTIONS = 3;

const NEVER: Shutdown = { begun: new AbortController().signal, over: new AbortController().signal };

/**
 * Runs a playbook for one slot, once: claim, steps, finish. What another runner holds or has ended is answered from the
 * record. The record has ended 5 seconds after its deadline, whatever hangs. Throws `lease_lost` when another runner took the
 * execution over meanwhile (its record is the answer), and `unavailable` when the database is out of reach; both leave an
 * execution that the next delivery resumes.
 */
export async function runExecution(request: ExecutionRequest, engine: Engine): Promise<Ran> {
  const claimed = await claim(newExecution(request, engine), engine);
  if (claimed.kind !== 'granted') return claimed;

  const { execution, fence } = claimed;
  const { clock } = engine;
  const lastsUntilMs = Math.max(execution.deadlineAt.getTime(), clock.now().getTime());
  const endBy = new Date(lastsUntilMs + END_GRACE_MS);
  const journal = openJournal({ store: engine.store, clock, execution, fence, endBy });
  const over = new AbortController();
  const deadlineExceeded = deadlineError(request.playbook);
  const remainingMs = execution.deadlineAt.getTime() - clock.now().getTime();
  const cancel = clock.after(Math.max(0, remainingMs), () => over.abort(deadlineExceeded));
  if (remainingMs <= 0) over.abort(deadlineExceeded);
  const faults = new Set<unknown>();
  const outputs = executionOutputs(engine.outputs, recordedOutputBytes(journal.steps.values()));
  try {
    const pinned = await pinnedPlaybook(execution, request, engine, over.signal);
    const playbook = pinned ?? request.playbook;
    const run = await openRun({ playbook, execution, journal, over, outputs, faults, request, engine });
    const refusal = vanishedTooOften(run) ?? (pinned === undefined ? missingVersion(execution, run) : undefined);
    const ended = await endRun(run, endBy, () => refusal ?? walk(run));
    // What ended the execution is told with its end.
    faults.delete(ended.thrown);
    request.onProgress?.(ended.execution);
    return { kind: 'ended', ...ended };
  } catch (thrown) {
    if (!(thrown instanceof ShuttingDown)) throw thrown;
    await journal.giveBack();
    return { kind: 'given_back', execution };
  } finally {
    cancel();
    for (const fault of faults) engine.onFault?.(fault, execution.id);
    outputs.release();
    // Whoever was answered may take the processor away: nothing of ours goes on after that.
    await journal.close();
  }
}

/** What every record of this request says, whatever becomes of it. Its secrets are redacted: anybody may have said them. */
export function executionHeader(
  request: ExecutionRequest,
  engine: Pick<Engine, 'clock' | 'redact' | 'stepTypes' | 'retentionMs'>,
) {
  const { id, playbook, version, slot, trigger, window, onlyTo, offSchedule, requestSha256 } = request;
  const { redact } = engine;
  const now = engine.clock.now();
  const inputs = redact.json(request.inputs ?? {});
  const labels = Object.entries(playbook.labels ?? {}).map(([name, value]) => [name, redact.text(value)]);
  return {
    id,
    playbookId: playbook.id,
    playbookName: redact.text(playbook.name),
    version,
    slot,
    trigger: redactedTrigger(trigger, redact.text),
    labels: Object.fromEntries(labels),
    inputs: isJsonObject(inputs) ? inputs : {},
    ...(onlyTo === undefined ? {} : { onlyTo: redact.text(onlyTo) }),
    ...(offSchedule === true ? { offSchedule } : {}),
    ...(requestSha256 === undefined ? {} : { requestSha256 }),
    agents: namedAgents(playbook, engine.stepTypes),
    window: { ...window },
    startedAt: now,
    expireAt: new Date(now.getTime() + engine.retentionMs),
    stepsExecuted: 0,
    steps: {},
  };
}

function redactedTrigger(trigger: Trigger, redact: (text: string) => string): Trigger {
  if (trigger.kind === 'manual') return trigger.by === undefined ? trigger : { ...trigger, by: redact(trigger.by) };
  return trigger.jobName === undefined ? trigger : { ...trigger, jobName: redact(trigger.jobName) };
}

/** The execution as it begins, before anybody knows whether its slot is still free. */
function newExecution(request: ExecutionRequest, engine: Engine): RunningExecution {
  const header = executionHeader(request, engine);
  const owner = engine.newOwner();
  return {
    ...header,
    status: 'running',
    deadlineAt: new Date(header.startedAt.getTime() + durationMs(request.playbook.deadline)),
    lease: { owner, nonce: `${owner}:0`, durationMs: engine.leaseMs, takeovers: 0, interruptions: 0 },
  };
}

/** A resumed execution goes on with the definition that it began with; undefined where that is not kept any more. */
async function pinnedPlaybook(
  execution: RunningExecution,
  request: ExecutionRequest,
  engine: Engine,
  over: AbortSignal,
): Promise<Playbook | undefined> {
  if (execution.version === request.version) return request.playbook;
  try {
    return await unlessAborted(over, engine.loadDefinition(execution.playbookId, execution.version));
  } catch (thrown) {
    // Nothing of it runs any more, so it does not matter which steps those were.
    if (over.aborted) return request.playbook;
    if (isUnavailable(thrown)) throw thrown;
    // What cannot be read is as good as gone: every runner that takes the execution over would meet it again.
    return undefined;
  }
}

function missingVersion({ version, playbookId }: RunningExecution, run: RunState): Stop {
  const message = `Version ${version} of ${playbookId}, which this execution began with, is gone or cannot be read.`;
  return { path: null, failure: run.toFailure(new PlaybookError('invalid_playbook', message)) };
}

/** A step that kills its runner must not do so at every delivery there is: the last one ends the execution. */
function vanishedTooOften(run: RunState): Stop | undefined {
  const { interruptions } = run.execution.lease;
  if (interruptions < MAX_INTERRUPTIONS) return undefined;
  const underWay = stepUnderWay(run.journal.steps.values());
  const where = underWay === undefined ? '' : ` during ${underWay}`;
  const failure = run.toFailure(
    new PlaybookError(
      'interrupted',
      `The runner vanished ${interruptions} times in a row${where}: it was killed, or ran out of memory. It is not tried again.`,
    ),
  );
  for (const step of run.journal.steps.values()) {
    if (step.status === 'running') run.journal.put(brokenOff(step, failure, run.engine.clock.now()));
  }
  // All steps of the playbook have ended before: they say how it went.
  return underWay === ALERT_PATH ? undefined : { path: underWay ?? null, failure };
}

interface Opening {
  readonly playbook: Playbook;
  readonly execution: RunningExecution;
  readonly journal: Journal;
  readonly over: AbortController;
  readonly outputs: RunState['outputs'];
  /** What was thrown by bugs of ours. */
  readonly faults: Set<unknown>;
  readonly request: ExecutionRequest;
  readonly engine: Engine;
}

async function openRun({ request, faults, ...opened }: Opening): Promise<RunState> {
  const { playbook, execution, journal, over, outputs, engine } = opened;
  return {
    engine,
    playbook,
    execution,
    journal,
    expressions: await loadExpressions(needsExpressions(playbook, engine.stepTypes)),
    scope: scopeOf(playbook, execution, stepIds(playbook, engine)),
    signal: AbortSignal.any([over.signal, journal.lost]),
    shutdown: engine.shutdown ?? NEVER,
    abort: (reason) => over.abort(reason),
    outputs,
    thrown: new Map(),
    stepsRoomBytes: stepsRoomOf(execution),
    tally: {
      inlineBytes: recordedBytes(journal.steps.values()),
      effectPending: false,
      continuedFailure: undefined,
    },
    toFailure(thrown) {
      const failure = toFailure(thrown, engine.redact);
      if (failure.code === 'internal') faults.add(thrown);
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

/** What the outputs of an earlier runner take that lie beside the record. */
function recordedOutputBytes(steps: Iterable<StepRecord>): number {
  let bytes = 0;
  for (const { attempts } of steps) {
    for (const attempt of attempts) if (attempt.status === 'succeeded') bytes += attempt.outputRef?.bytes ?? 0;
  }
  return bytes;
}

async function walk(run: RunState): Promise<Stop | undefined> {
  return checkRunnable(run) ?? (await runSteps(run.playbook.steps, '', run));
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
      run.thrown.set(path, thrown);
      return { path, failure: run.toFailure(thrown) };
    }
  }
  return undefined;
}

/** The reason for which an execution ends at its deadline. */
function deadlineError({ name, deadline }: Playbook): PlaybookError {
  return new PlaybookError('deadline_exceeded', `${name} took longer than its deadline of ${deadline}.`);
}
