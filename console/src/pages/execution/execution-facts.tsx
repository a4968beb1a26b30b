import type { SeenExecution } from '#records/executions/seen-execution.ts';
import { count, plural, usd } from '#console/view/elements/figures.tsx';
import { hrefOf } from '#console/view/elements/href-of.ts';
import { Facts } from '#console/view/elements/parts.tsx';
import { shownText, Text } from '#console/view/elements/text.tsx';
import { Time, Took, type ReaderTime } from '#console/view/elements/time.tsx';
import { StartedBy } from '#console/view/records/execution-table.tsx';

const MAX_LABELS = 30;

/** What is known of an execution as a whole. */
export const ExecutionFacts = ({ execution, time }: { execution: SeenExecution; time: ReaderTime }) => {
  const { playbookId, version, slot, window, onlyTo, labels, inputs } = execution;
  const spend = 'spend' in execution && execution.spend.modelCalls > 0 ? execution.spend : undefined;
  const versionHref = hrefOf(`/playbooks/${encodeURIComponent(playbookId)}`, { version });
  return (
    <section class="panel" aria-label="Facts">
      <Facts
        facts={[
          ['Started', <Time at={execution.startedAt} {...time} absolute />],
          ['Took', <HowLong execution={execution} />],
          ['Started by', <StartedBy execution={execution} />],
          ['Slot', slot === null ? undefined : <Time at={slot} {...time} absolute />],
          [
            'Window',
            <span>
              <Time at={window.start} {...time} absolute /> – <Time at={window.end} {...time} absolute />
            </span>,
          ],
          [
            'Version',
            <a href={versionHref}>
              <code>{shownText(version, 12)}</code>
            </a>,
          ],
          [
            'Spend',
            spend === undefined ? undefined : (
              <span title={`${count(spend.inputTokens)} tokens in, ${count(spend.outputTokens)} out`}>
                {usd(spend.costUsd)} for {plural(spend.modelCalls, 'model call')}
              </span>
            ),
          ],
          ['Only to', onlyTo === undefined ? undefined : <Text value={onlyTo} max={120} />],
          ['Runner', execution.status === 'running' ? <Text value={execution.lease.owner} max={80} /> : undefined],
          ['Deadline', execution.status === 'running' ? <Time at={execution.deadlineAt} {...time} /> : undefined],
          ...Object.entries(inputs)
            .slice(0, MAX_LABELS)
            .map(([name, value]): [string, string] => [
              `Input ${shownText(name, 60)}`,
              value === null ? '–' : shownText(typeof value === 'string' ? value : JSON.stringify(value), 200),
            ]),
          [
            'Labels',
            Object.keys(labels).length === 0 ? undefined : (
              <span class="row">
                {Object.entries(labels)
                  .slice(0, MAX_LABELS)
                  .map(([key, value]) => (
                    <a class="chip" href={hrefOf('/executions', { label: `${key}=${value}` })}>
                      <Text value={`${key}=${value}`} max={60} />
                    </a>
                  ))}
              </span>
            ),
          ],
        ]}
      />
    </section>
  );
};

const HowLong = ({ execution }: { execution: SeenExecution }) => {
  if (execution.status !== 'running') return <Took durationMs={execution.duration} />;
  return <>{execution.silentSince === null ? 'still running' : 'not ended'}</>;
};
