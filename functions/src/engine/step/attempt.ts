import type { Json, JsonObject } from '#core/json.ts';
import { PlaybookError } from '#core/failure.ts';
import { unlessAborted } from '#core/unless-aborted.ts';
import type { AcceptedStep } from '#language/playbook/step-type.ts';
import { limitOf, Suspended } from '#language/playbook/suspension.ts';
import type { WaitingAttempt } from '../record/attempt.ts';
import { type RunState, ShuttingDown } from '../state/run-state.ts';
import { filledIn, ownFields, scopeOfFields } from './filled-fields.ts';
import { flush, openAttempt, type Position, type RestingAttempt } from './open-attempt.ts';
import { checkedOutput, keepOutput } from './payloads.ts';
import { rethrowIfOver } from './read-back.ts';
import type { RunnableStep } from './runnable-step.ts';
import { withTimeout } from './with-timeout.ts';

type OpenAttempt = ReturnType<typeof openAttempt>;

/**
 * One try of one step: fill in and check its fields, record that it begins, run it, check its output. What was recorded
 * is stored before an effect begins, and after one before anything else begins in the same branch.
 * Throws only what ends this runner (`lease_lost`, `unavailable`, `ShuttingDown`).
 */
export async function attemptStep(runnable: RunnableStep, position: Position, run: RunState): Promise<RestingAttempt> {
  const attempt = openAttempt(runnable, position, run);
  const fields = ownFields(runnable.step);
  let scope: JsonObject;
  try {
    scope = await scopeOfFields(fields, run);
  } catch (thrown) {
    rethrowIfOver(thrown, run);
    return attempt.failed(thrown);
  }
  return performed(runnable, attempt, run, () => {
    const input: Json = filledIn(runnable, fields, scope, run);
    const perform = runnable.type.accept(runnable.step, input);
    attempt.setInput(input);
    return perform;
  });
}

/**
 * Goes on with an attempt that waits. One that still has to wait after its limit fails, and is not tried again. Throws
 * like `attemptStep`.
 */
export async function resumeStep(
  runnable: RunnableStep,
  position: Position & { readonly waiting: WaitingAttempt },
  run: RunState,
): Promise<RestingAttempt> {
  const attempt = openAttempt(runnable, position, run);
  return performed(runnable, attempt, run, () => {
    const { step, type } = runnable;
    if (type.resume !== undefined) return type.resume(step, position.waiting.suspension);
    throw new PlaybookError('invalid_playbook', `${step.type} does not know how to go on after a wait.`);
  });
}

async function performed(
  runnable: RunnableStep,
  attempt: OpenAttempt,
  run: RunState,
  accept: () => AcceptedStep,
): Promise<RestingAttempt> {
  const { branch } = run;
  try {
    const perform = accept();
    const effect = runnable.type.effect(runnable.step);
    attempt.show();
    if (effect !== 'none' || branch.effectPending) await flush(run);
    else run.journal.kick();
    run.shutdown.begun.throwIfAborted();

    const isPending = effect !== 'none';
    branch.effectPending ||= isPending;
    const raw = await withTimeout(runnable, effect, run, (signal) => perform(attempt.context(signal)));
    // What was stored meanwhile, a model call say, was not its end.
    branch.effectPending ||= isPending;
    run.journal.lost.throwIfAborted();
    return raw instanceof Suspended ? suspended(runnable, attempt, raw, run) : await kept(runnable, attempt, raw, run);
  } catch (thrown) {
    run.journal.lost.throwIfAborted();
    // It is neither a success nor a failure: the next runner repeats it.
    if (thrown instanceof ShuttingDown) throw thrown;
    return attempt.failed(thrown);
  }
}

async function kept(
  runnable: RunnableStep,
  attempt: OpenAttempt,
  raw: unknown,
  run: RunState,
): Promise<RestingAttempt> {
  const checked = checkedOutput(runnable, raw, run);
  return attempt.succeeded(await unlessAborted(run.signal, keepOutput(runnable.path, checked, run)));
}

function suspended(
  { path, type }: RunnableStep,
  attempt: OpenAttempt,
  { suspension }: Suspended,
  run: RunState,
): RestingAttempt {
  const limit = limitOf(suspension);
  if (type.resume === undefined) throw new TypeError(`${type.type} waits, and has no resume.`);
  if (limit > run.engine.clock.now()) return attempt.waits(suspension);
  throw new PlaybookError('deadline_exceeded', `${path} waited until ${limit.toISOString()}, and in vain.`);
}
