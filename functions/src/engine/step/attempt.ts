import type { JsonObject } from '#core/json.ts';
import { unlessAborted } from '#core/unless-aborted.ts';
import { type RunState, ShuttingDown } from '../state/run-state.ts';
import { filledIn, ownFields, scopeOfFields } from './filled-fields.ts';
import { type EndedAttempt, flush, openAttempt, type Position } from './open-attempt.ts';
import { checkedOutput, keepOutput } from './payloads.ts';
import { rethrowIfOver } from './read-back.ts';
import type { RunnableStep } from './runnable-step.ts';
import { withTimeout } from './with-timeout.ts';

/**
 * One try of one step: fill in and check its fields, record that it begins, run it, check its output. What was recorded
 * is stored before an effect begins, and after one before anything else begins.
 * Throws only what ends this runner (`lease_lost`, `unavailable`, `ShuttingDown`).
 */
export async function attemptStep(runnable: RunnableStep, position: Position, run: RunState): Promise<EndedAttempt> {
  const attempt = openAttempt(runnable, position, run);
  const fields = ownFields(runnable.step);
  let scope: JsonObject;
  try {
    scope = await scopeOfFields(fields, run);
  } catch (thrown) {
    rethrowIfOver(thrown, run);
    return attempt.failed(thrown);
  }
  try {
    const input = filledIn(runnable, fields, scope, run);
    const perform = runnable.type.accept(runnable.step, input);
    attempt.setInput(input);
    const effect = runnable.type.effect(runnable.step);
    attempt.show();
    if (effect !== 'none' || run.tally.effectPending) await flush(run);
    else run.journal.kick();
    run.shutdown.begun.throwIfAborted();

    if (effect !== 'none') run.tally.effectPending = true;
    const checked = checkedOutput(
      runnable,
      await withTimeout(runnable, effect, run, (signal) => perform(attempt.context(signal))),
      run,
    );
    run.journal.lost.throwIfAborted();
    return attempt.succeeded(await unlessAborted(run.signal, keepOutput(runnable.path, checked, run)));
  } catch (thrown) {
    run.journal.lost.throwIfAborted();
    // It is neither a success nor a failure: the next runner repeats it.
    if (thrown instanceof ShuttingDown) throw thrown;
    return attempt.failed(thrown);
  }
}
