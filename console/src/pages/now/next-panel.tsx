import { plural } from '#console/view/elements/figures.tsx';
import { Empty, Panel } from '#console/view/elements/parts.tsx';
import { Text } from '#console/view/elements/text.tsx';
import { Time, type ReaderTime } from '#console/view/elements/time.tsx';
import { hourName } from '#console/view/elements/period-name.ts';
import type { Paused, Plan } from './upcoming.ts';

const SHOWN = 8;

/** What is due next, in the reader's time, and what is held back by whom and why. */
export const NextPanel = ({
  plan: { upcoming, paused, disabled },
  held,
  time,
}: {
  plan: Plan;
  /** Nothing begins, for the operators said so. */
  held: boolean;
  time: ReaderTime;
}) => (
  <Panel title="Next" id="next" aside={<a href="/playbooks">Playbooks →</a>}>
    {held ? <p class="small tone-warn">Due slots are recorded as skipped until playbooks run again.</p> : null}
    {upcoming.length === 0 ? <Empty>Nothing is scheduled.</Empty> : null}
    <ul class="lines">
      {upcoming.slice(0, SHOWN).map(({ playbook, dueAt }) => (
        <li id={`next-${playbook.id}`}>
          <a href={`/playbooks/${encodeURIComponent(playbook.id)}`}>
            <Text value={playbook.name} max={60} />
          </a>
          <span class="when">
            <Time at={dueAt} {...time} /> <span class="small muted">{clockTime(dueAt, time)}</span>
          </span>
        </li>
      ))}
      {paused.map((one) => (
        <PausedLine paused={one} time={time} />
      ))}
    </ul>
    {upcoming.length > SHOWN ? <p class="small muted">and {upcoming.length - SHOWN} more</p> : null}
    {disabled.length === 0 ? null : (
      <p class="small muted">{`${plural(disabled.length, 'playbook')} with a schedule ${disabled.length === 1 ? 'is' : 'are'} disabled.`}</p>
    )}
  </Panel>
);

const PausedLine = ({ paused: { playbook, pause, dueAt }, time }: { paused: Paused; time: ReaderTime }) => (
  <li id={`next-${playbook.id}`}>
    <span class="grow">
      <a href={`/playbooks/${encodeURIComponent(playbook.id)}`}>
        <Text value={playbook.name} max={60} />
      </a>
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
    </span>
    <span class="when">
      {pause.until === null || dueAt === undefined ? (
        <span class="small muted">until it is resumed</span>
      ) : (
        <>
          <Time at={dueAt} {...time} /> <span class="small muted">{clockTime(dueAt, time)}</span>
        </>
      )}
    </span>
  </li>
);

/** `09:00`, or `Mon 09:00` on another day. */
function clockTime(at: Date, { now, timeZone }: ReaderTime): string {
  const named = hourName(at, timeZone);
  return dayIn(at, timeZone) === dayIn(now, timeZone) ? named.slice(-5) : named;
}

function dayIn(at: Date, timeZone: string): string {
  return at.toLocaleDateString('en-GB', { timeZone });
}
