import { limitOf } from '#language/playbook/suspension.ts';
import type { Attempt } from '#engine/record/attempt.ts';
import type { SeenExecution } from '#records/executions/seen-execution.ts';
import { Time, type ReaderTime } from '#console/view/elements/time.tsx';
import { Asked } from './asked.tsx';
import { ModelCalls, ToolCalls } from './calls.tsx';
import { executionHref } from '#console/view/records/execution-href.ts';
import { FailureBox } from './failure-box.tsx';
import { OutputView } from './output-view.tsx';
import type { StepRow } from './step-rows.ts';

interface AttemptProps {
  readonly execution: SeenExecution;
  readonly row: StepRow;
  readonly attempt: Attempt;
  /** The failure message that the page already shows. */
  readonly said: string | undefined;
  readonly time: ReaderTime;
}

/** One attempt of a step: its input, its calls, its output or why it failed. */
export const AttemptView = ({ execution, row, attempt, said, time }: AttemptProps) => (
  <div class="stack" id={`attempt-${attempt.number}`}>
    <Ending execution={execution} row={row} attempt={attempt} said={said} time={time} />
    {attempt.input === undefined ? null : (
      <div class="stack">
        <h3>Input</h3>
        <Asked parts={row.readAs.input} input={attempt.input} />
      </div>
    )}
    {attempt.toolCalls === undefined ? null : <ToolCalls calls={attempt.toolCalls} />}
    {attempt.modelCalls === undefined ? null : <ModelCalls calls={attempt.modelCalls} />}
    {attempt.status === 'succeeded' && (attempt.output !== undefined || attempt.outputRef !== undefined) ? (
      <OutputView
        attempt={attempt}
        readAs={row.readAs.output}
        wholeHref={executionHref(execution.id, `/steps/${encodeURIComponent(row.path)}/output`)}
      />
    ) : null}
  </div>
);

const Ending = ({ execution, row, attempt, said, time }: AttemptProps) => {
  if (attempt.status === 'failed') {
    const { failure } = attempt;
    return failure.message === said ? null : <FailureBox failure={failure} id="attempt-failure" />;
  }
  if (attempt.status === 'interrupted') {
    return (
      <p class="problem">
        The runner vanished. Whether the effect of this attempt happened is unknown.
        {isTriedAgain(execution, row, attempt) ? ' It is retried with the same idempotency key.' : ''}
      </p>
    );
  }
  if (attempt.status === 'succeeded') return null;
  if (attempt.status === 'waiting') {
    return (
      <p class="hint">
        Waits until <Time at={limitOf(attempt.suspension)} {...time} /> at the latest. No runner works on it.
      </p>
    );
  }
  if (execution.status !== 'running' || execution.silentSince !== null) {
    return (
      <p class="hint">
        Started <Time at={attempt.startedAt} {...time} />. Its end was not recorded because its runner went silent.
        Whether its effect happened is unknown.
      </p>
    );
  }
  return (
    <p class="hint">
      Running, started <Time at={attempt.startedAt} {...time} />. This page updates by itself.
    </p>
  );
};

/** Once the execution has ended, its last attempt is not retried. */
function isTriedAgain({ status }: SeenExecution, { record }: StepRow, { number }: Attempt): boolean {
  return status === 'running' || record?.attempts.some((other) => other.number > number) === true;
}
