import { failureOf, PlaybookError } from '#core/failure.ts';
import type { Step } from '#language/playbook/playbook.ts';
import { ALERT_PATH } from './alert.ts';
import { runSteps } from './flow/run-steps.ts';
import { ALERT_GRACE_MS } from './journal/time-limits.ts';
import type { RunState, Stop } from './state/run-state.ts';

/** People being told. */
export interface Telling {
  /** How the alert ended; or, from `moment` on, that it is still under way. Rejects with what ends this runner. */
  until(moment: Date): Promise<Stop | undefined>;
  /** Resolves when the notification has ended, successfully or not. */
  readonly ended: Promise<void>;
  giveUp(): void;
}

/** An alert is delivered for a while even after the deadline, and a shutdown waits for a delivery that has begun. */
export function tell(alert: Step, run: RunState): Telling {
  const { clock } = run.engine;
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, run.journal.lost]);
  const deadlineAt = new Date(clock.now().getTime() + ALERT_GRACE_MS);
  const late = new PlaybookError('timeout', `People could not be told within ${ALERT_GRACE_MS / 1000} seconds.`);
  const cancel = clock.after(ALERT_GRACE_MS, () => over.abort(late));
  const { over: shutdownOver } = run.shutdown;
  const shutdown = { begun: shutdownOver, over: shutdownOver };
  const told = runSteps([alert], undefined, {
    ...run,
    signal,
    shutdown,
    execution: { ...run.execution, deadlineAt },
  }).then((rest) => (rest.kind === 'stopped' ? rest.stop : undefined));
  const ended = told.then(
    () => undefined,
    () => undefined,
  );
  return {
    ended,
    until: (moment) => unlessLater(told, moment, run),
    giveUp() {
      cancel();
      over.abort(late);
    },
  };
}

async function unlessLater(
  told: Promise<Stop | undefined>,
  moment: Date,
  { engine: { clock } }: RunState,
): Promise<Stop | undefined> {
  const late = Promise.withResolvers<Stop>();
  const message = 'The alert was still being delivered when this record ended; the notifications say who was told.';
  const cancel = clock.after(Math.max(0, moment.getTime() - clock.now().getTime()), () => {
    late.resolve({ path: ALERT_PATH, failure: failureOf('timeout', { message }) });
  });
  try {
    return await Promise.race([told, late.promise]);
  } finally {
    cancel();
  }
}
