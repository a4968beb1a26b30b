import { durationInWords, durationMs } from '#core/duration.ts';
import { hrefOf } from '#console/view/elements/href-of.ts';
import { Facts, Panel } from '#console/view/elements/parts.tsx';
import { shownText, Text, visible } from '#console/view/elements/text.tsx';
import { Time } from '#console/view/elements/time.tsx';
import { CriteriaOverTime } from './criteria-panel.tsx';
import { MonthPanel } from './month-panel.tsx';
import { PlaybookHead } from './playbook-head.tsx';
import { playbookHref } from '#console/view/records/playbook-href.ts';
import { PauseWords, stateOf } from '#console/view/records/playbook-state.tsx';
import type { PlaybookView } from './playbook-view.ts';
import { LatestExecutions, OpenThreads } from './recent-panels.tsx';
import { SchedulePanel } from './schedule-panel.tsx';
import { Actions, hasRefusedForm, Problem } from './switches.tsx';

/** The overview of one playbook: how it stands, how it has gone, when it is due. */
export const PlaybookPage = ({ view }: { view: PlaybookView }) => {
  const { record, time, statistics } = view;
  const { description } = record.definition;
  const state = stateOf(record, time.now);
  return (
    <>
      <PlaybookHead record={record} time={time} tab="overview" actions={<Actions view={view} />} />
      {hasRefusedForm(view) ? null : <Problem view={view} />}
      {state.kind === 'paused' ? (
        <p class="hint">
          Paused <PauseWords pause={state.pause} time={time} />
        </p>
      ) : null}
      {description === undefined ? null : <p class="said">{visible(description)}</p>}
      <div class="grid wide-first">
        <div class="stack">
          <MonthPanel statistics={statistics} time={time} />
          <CriteriaOverTime {...view} />
          <LatestExecutions {...view} />
        </div>
        <div class="stack">
          <SchedulePanel record={record} time={time} />
          <OpenThreads {...view} />
          <About view={view} />
        </div>
      </div>
    </>
  );
};

const MAX_LABELS = 20;

const About = ({ view: { record, time, id } }: { view: PlaybookView }) => {
  const { owner, labels = {}, deadline, expectedDuration } = record.definition;
  const version = (
    <a href={playbookHref(id, '/definition')}>
      <code>{shownText(record.version, 10)}</code>
    </a>
  );
  return (
    <Panel title="About" id="about">
      <Facts
        facts={[
          ['Owner', owner === undefined ? undefined : <Text value={owner} max={100} />],
          ['Expected duration', inWords(expectedDuration)],
          ['Deadline', inWords(deadline)],
          ['Version', version],
          ['Updated', <Time at={record.seededAt} {...time} />],
          ['Activity', <a href={hrefOf('/audit', { target: id })}>Audit log</a>],
        ]}
      />
      <Labels labels={Object.entries(labels).slice(0, MAX_LABELS)} />
    </Panel>
  );
};

function inWords(duration: string | undefined): string | undefined {
  return duration === undefined ? undefined : durationInWords(durationMs(duration));
}

const Labels = ({ labels }: { labels: readonly (readonly [string, string])[] }) =>
  labels.length === 0 ? null : (
    <ul class="chips" aria-label="Labels">
      {labels.map(([key, value]) => (
        <li>
          <a class="chip" href={hrefOf('/executions', { label: `${key}=${value}` })}>
            <bdi>{shownText(`${key}: ${value}`, 60)}</bdi>
          </a>
        </li>
      ))}
    </ul>
  );
