import { PlaybookError } from '#core/failure.ts';
import { unlessAborted } from '#core/unless-aborted.ts';
import type { Effect } from '#language/playbook/step-type.ts';
import type { RunState } from '../state/run-state.ts';
import { timeoutMsOf, type RunnableStep } from './runnable-step.ts';

/**
 * Runs `body` until it ends or its time is up; a body that does not listen to its signal is left behind. What may be
 * repeated freely, or with the same key, does not keep a process from ending; an effect that could happen twice does, for a
 * while.
 */
export async function withTimeout(
  runnable: RunnableStep,
  effect: Effect,
  run: RunState,
  body: (signal: AbortSignal) => Promise<unknown>,
): Promise<unknown> {
  const timeoutMs = timeoutMsOf(runnable);
  const timedOut = new AbortController();
  const cancel = run.engine.clock.after(timeoutMs, () => {
    timedOut.abort(new PlaybookError('timeout', `${runnable.path} took longer than its ${timeoutMs} ms.`));
  });
  const shutdown = effect === 'unkeyed' ? run.shutdown.over : run.shutdown.begun;
  const signal = AbortSignal.any([run.signal, shutdown, timedOut.signal]);
  try {
    // The time may have run out while the beginning was stored; then nothing may begin any more.
    signal.throwIfAborted();
    return await unlessAborted(signal, body(signal));
  } finally {
    cancel();
  }
}
