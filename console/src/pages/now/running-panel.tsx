import { allSteps, type NestingStepType } from '#language/playbook/steps-in-order.ts';
import type { RunningSummary } from '#records/executions/execution-queries.ts';
import type { PlaybookRecord } from '#records/playbooks/playbooks.ts';
import { silenceAdvice } from '#records/executions/silence-advice.ts';
import type { AnyStepDefinition } from '#steps/index.ts';
import { plural } from '#console/view/elements/figures.tsx';
import { Empty, Panel } from '#console/view/elements/parts.tsx';
import { ReloadAt } from '#console/view/elements/reload-at.tsx';
import { shownText, Text } from '#console/view/elements/text.tsx';
import { Time, type ReaderTime } from '#console/view/elements/time.tsx';
import { executionHref } from '#console/view/records/execution-href.ts';

interface RunningProps {
  readonly running: readonly RunningSummary[];
  readonly playbooks: readonly PlaybookRecord[];
  readonly stepTypes: readonly AnyStepDefinition[];
  readonly time: ReaderTime;
}

/** The executions in progress, and how far they are. */
export const RunningPanel = ({ running, playbooks, stepTypes, time }: RunningProps) => (
  <Panel
    title="Running now"
    id="running"
    aside={running.length === 0 ? undefined : <a href="/executions?status=running">All running →</a>}
  >
    <ReloadAt at={nextTurn(running)} />
    {running.length === 0 ? (
      <Empty>No executions in progress.</Empty>
    ) : (
      <ul class="cards">
        {running.map((execution) => (
          <Card execution={execution} steps={stepsOf(execution, playbooks, stepTypes)} time={time} />
        ))}
      </ul>
    )}
  </Panel>
);

interface CardProps {
  readonly execution: RunningSummary;
  /** Undefined: not known. */
  readonly steps: number | undefined;
  readonly time: ReaderTime;
}

const Card = ({ execution, steps, time }: CardProps) => (
  <li id={`running-${shownText(execution.id, 200)}`}>
    <a href={executionHref(execution.id)} class="stack-tight">
      <span class="title">
        <Text value={execution.playbookName} max={80} />
      </span>
      <Progress execution={execution} steps={steps} />
      <span class="small muted">
        started {execution.trigger.kind === 'manual' ? 'manually ' : ''}
        <Time at={execution.startedAt} {...time} />
      </span>
      <Silent execution={execution} time={time} />
    </a>
  </li>
);

/** An execution that is silent before its deadline is not lost yet. */
const Silent = ({ execution, time }: { execution: RunningSummary; time: ReaderTime }) =>
  execution.silentSince === null ? null : (
    <span class="small tone-warn">
      Runner silent since <Time at={execution.silentSince} {...time} absolute />. {silenceAdvice(execution)}
    </span>
  );

/** When time alone changes the page: a lease runs out, or the deadline of a silent execution passes. */
function nextTurn(running: readonly RunningSummary[]): Date | undefined {
  const turns = running.map(({ silentSince, leaseUntil, deadlineAt }) =>
    silentSince === null ? leaseUntil : deadlineAt,
  );
  return turns.toSorted((a, b) => a.getTime() - b.getTime())[0];
}

/** Branches not taken have steps too: an execution may end before the bar is full. */
const Progress = ({ execution: { stepsExecuted }, steps }: Omit<CardProps, 'time'>) => {
  if (steps === undefined) return <span class="small">{plural(stepsExecuted, 'step')} done</span>;
  const share = steps === 0 ? 0 : Math.min(1, stepsExecuted / steps);
  return (
    <>
      <svg class="gauge" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect class="fill-none" x={0} y={0} width={100} height={8} />
        <rect class="fill-running" x={0} y={0} width={(share * 100).toFixed(2)} height={8} />
      </svg>
      <span class="small">{`${stepsExecuted} of up to ${plural(steps, 'step')} done`}</span>
    </>
  );
};

/** Undefined where the playbook has changed since the execution began, or was not read. */
function stepsOf(
  execution: RunningSummary,
  playbooks: readonly PlaybookRecord[],
  stepTypes: readonly AnyStepDefinition[],
): number | undefined {
  const playbook = playbooks.find(({ id, version }) => id === execution.playbookId && version === execution.version);
  if (playbook === undefined) return undefined;
  const types = new Map<string, NestingStepType>(stepTypes.map((stepType) => [stepType.type, stepType]));
  return allSteps(playbook.definition.steps, types).length;
}
