import type { Child } from 'hono/jsx';
import type { PlaybookRecord } from '#records/playbooks/playbooks.ts';
import { plural } from '#console/view/elements/figures.tsx';
import { Empty, Panel } from '#console/view/elements/parts.tsx';
import { hourName } from '#console/view/elements/period-name.ts';
import { Text } from '#console/view/elements/text.tsx';
import { Time, type ReaderTime } from '#console/view/elements/time.tsx';
import { playbookHref } from '#console/view/records/playbook-href.ts';
import type { Paused, Plan } from './upcoming.ts';

const SHOWN = 8;

interface NextProps {
  readonly plan: Plan;
  /** All playbooks are paused. */
  readonly arePaused: boolean;
  readonly time: ReaderTime;
}

/** The next runs in the reader's time, and who paused what and why. */
export const NextPanel = ({ plan: { upcoming, paused, disabled }, arePaused, time }: NextProps) => (
  <Panel title="Next runs" id="next" aside={<a href="/playbooks">Playbooks →</a>}>
    {arePaused ? <p class="small tone-warn">Skipped until all playbooks are resumed.</p> : null}
    {upcoming.length === 0 ? <Empty>No runs scheduled.</Empty> : null}
    <ul class="lines">
      {upcoming.slice(0, SHOWN).map(({ playbook, dueAt }) => (
        <Line playbook={playbook} when={<Due at={dueAt} time={time} />} />
      ))}
      {paused.map((one) => (
        <PausedLine paused={one} time={time} />
      ))}
    </ul>
    {upcoming.length > SHOWN ? <p class="small muted">and {upcoming.length - SHOWN} more</p> : null}
    {disabled.length === 0 ? null : <Disabled count={disabled.length} />}
  </Panel>
);

const Line = ({ playbook, note, when }: { playbook: PlaybookRecord; note?: Child; when: Child }) => (
  <li id={`next-${playbook.id}`}>
    <span class="grow">
      <a href={playbookHref(playbook.id)}>
        <Text value={playbook.name} max={60} />
      </a>
      {note}
    </span>
    <span class="when">{when}</span>
  </li>
);

const Due = ({ at, time }: { at: Date; time: ReaderTime }) => (
  <>
    <Time at={at} {...time} /> <span class="small muted">{clockTime(at, time)}</span>
  </>
);

const PausedLine = ({ paused: { playbook, pause, dueAt }, time }: { paused: Paused; time: ReaderTime }) => (
  <Line
    playbook={playbook}
    note={
      <span class="small muted reason">
        paused by <Text value={pause.by} max={40} />
        {pause.until === null ? null : (
          <>
            {' '}
            until <Time at={pause.until} {...time} absolute />
          </>
        )}
        : <Text value={pause.reason} max={140} />
      </span>
    }
    when={
      pause.until === null || dueAt === undefined ? (
        <span class="small muted">until resumed</span>
      ) : (
        <Due at={dueAt} time={time} />
      )
    }
  />
);

const Disabled = ({ count }: { count: number }) => (
  <p class="small muted">{`${plural(count, 'scheduled playbook')} ${count === 1 ? 'is' : 'are'} disabled.`}</p>
);

/** `09:00`, or `Mon 09:00` on another day. */
function clockTime(at: Date, { now, timeZone }: ReaderTime): string {
  const named = hourName(at, timeZone);
  return dayIn(at, timeZone) === dayIn(now, timeZone) ? named.slice(-5) : named;
}

function dayIn(at: Date, timeZone: string): string {
  return at.toLocaleDateString('en-GB', { timeZone });
}
