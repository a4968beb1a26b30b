import type { Execution } from '#engine/record/execution.ts';
import { ENDED_BY_PERSON } from '#records/executions/ended-by-person.ts';
import { Text } from '#console/view/elements/text.tsx';
import { stepHref } from '#console/view/records/execution-href.ts';
import { FailureBox } from './failure-box.tsx';
import type { StepRow } from './step-rows.ts';

type Failed = Extract<Execution, { status: 'failed' }>;

/** Why an execution was skipped or failed; nothing for any other. */
export const WhatHappened = ({ execution, rows }: { execution: Execution; rows: readonly StepRow[] }) => {
  if (execution.status === 'failed') return <Failure execution={execution} rows={rows} />;
  if (execution.status !== 'skipped') return null;
  return (
    <p class="hint">
      <strong>Skipped: {REASONS[execution.reason]}.</strong> <Text value={execution.explanation} max={600} />
    </p>
  );
};

const Failure = ({ execution, rows }: { execution: Failed; rows: readonly StepRow[] }) => {
  const { id, failure, failedStep, runner } = execution;
  const name = rows.find(({ path }) => path === failedStep)?.name;
  return (
    <FailureBox failure={failure} id="failure" title={runner === ENDED_BY_PERSON ? 'Ended by a person' : 'Failed'}>
      {failedStep === null ? null : (
        <>
          {' '}
          at “
          <a href={stepHref(id, failedStep)}>
            <Text value={name ?? failedStep} max={80} />
          </a>
          ”
        </>
      )}
    </FailureBox>
  );
};

const REASONS: Readonly<Record<Extract<Execution, { status: 'skipped' }>['reason'], string>> = {
  disabled: 'the playbook is disabled',
  paused: 'the playbook is paused',
  maintenance: 'all playbooks are paused',
  stale: 'the delivery came too late',
  repeated_hour: 'the clocks were set back, and it already ran at this local time',
};
