import { isEnded } from '#engine/record/execution.ts';
import type { Child } from 'hono/jsx';
import type { Playbook } from '#language/playbook/playbook.ts';
import type { SeenExecution } from '#records/executions/seen-execution.ts';
import { count, plural, usd } from '#console/view/elements/figures.tsx';
import { hrefOf } from '#console/view/elements/href-of.ts';
import { Facts } from '#console/view/elements/parts.tsx';
import { shownText, Text } from '#console/view/elements/text.tsx';
import { Time, Took, zoneWords, type ReaderTime } from '#console/view/elements/time.tsx';
import { TriggerWords } from '#console/view/records/execution-table.tsx';
import { playbookHref } from '#console/view/records/playbook-href.ts';

const MAX_LABELS = 30;

type Fact = readonly [string, Child | undefined];

interface FactsProps {
  readonly execution: SeenExecution;
  readonly time: ReaderTime;
}

/** What is known of an execution as a whole; the definition that it ran says what its inputs are called. */
export const ExecutionFacts = ({
  execution,
  definition,
  time,
}: FactsProps & { readonly definition: Playbook | undefined }) => (
  <section class="panel" aria-label="Facts">
    <Facts
      facts={[
        ...startFacts({ execution, time }),
        ...runFacts({ execution, time }),
        ...inputFacts(execution, definition),
        ['Labels', Object.keys(execution.labels).length === 0 ? undefined : <Labels labels={execution.labels} />],
      ]}
    />
  </section>
);

function startFacts({ execution, time }: FactsProps): readonly Fact[] {
  const { startedAt, slot, window, playbookId, version } = execution;
  return [
    [`Started (${zoneWords(time.timeZone)})`, <Time at={startedAt} {...time} absolute />],
    ['Duration', <Duration execution={execution} />],
    ['Trigger', <TriggerWords execution={execution} />],
    ['Slot', slot === null ? undefined : <Time at={slot} {...time} absolute />],
    [
      'Window',
      <span>
        <Time at={window.start} {...time} absolute /> – <Time at={window.end} {...time} absolute />
      </span>,
    ],
    [
      'Version',
      <a href={hrefOf(playbookHref(playbookId), { version })}>
        <code>{shownText(version, 12)}</code>
      </a>,
    ],
  ];
}

function runFacts({ execution, time }: FactsProps): readonly Fact[] {
  const { onlyTo } = execution;
  return [
    ['Spend', 'spend' in execution && execution.spend.modelCalls > 0 ? <Spend spend={execution.spend} /> : undefined],
    ['Sent only to', onlyTo === undefined ? undefined : <Text value={onlyTo} max={120} />],
    ...(execution.status === 'running'
      ? ([
          ['Runner', <Text value={execution.lease.owner} max={80} />],
          ['Deadline', <Time at={execution.deadlineAt} {...time} />],
        ] satisfies readonly Fact[])
      : []),
  ];
}

function inputFacts({ inputs }: SeenExecution, definition: Playbook | undefined): readonly Fact[] {
  return Object.entries(inputs)
    .slice(0, MAX_LABELS)
    .map(([name, value]) => [
      shownText(definition?.inputs?.[name]?.name ?? `Input ${name}`, 60),
      value === null ? '–' : shownText(typeof value === 'string' ? value : JSON.stringify(value), 200),
    ]);
}

const Duration = ({ execution }: { execution: SeenExecution }) => {
  if (isEnded(execution)) return <Took durationMs={execution.duration} />;
  if (execution.status === 'waiting') return <>waiting</>;
  return <>{execution.silentSince === null ? 'still running' : 'not finished'}</>;
};

const Spend = ({ spend }: { spend: Extract<SeenExecution, { spend: unknown }>['spend'] }) => (
  <span title={`${count(spend.inputTokens)} tokens in, ${count(spend.outputTokens)} out`}>
    {usd(spend.costUsd)} for {plural(spend.modelCalls, 'model call')}
  </span>
);

const Labels = ({ labels }: Pick<SeenExecution, 'labels'>) => (
  <span class="row">
    {Object.entries(labels)
      .slice(0, MAX_LABELS)
      .map(([key, value]) => (
        <a class="chip" href={hrefOf('/executions', { label: `${key}=${value}` })}>
          <Text value={`${key}: ${value}`} max={60} />
        </a>
      ))}
  </span>
);
