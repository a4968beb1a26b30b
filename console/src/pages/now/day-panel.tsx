import { plural } from '#console/view/elements/figures.tsx';
import { Strip } from '#console/view/elements/charts.tsx';
import { Empty, Panel } from '#console/view/elements/parts.tsx';
import type { Tone } from '#console/view/elements/status.tsx';
import { shownText, Text } from '#console/view/elements/text.tsx';
import type { ReaderTime } from '#console/view/elements/time.tsx';
import type { DayStrip } from './day-strips.ts';
import { totalOfDay } from './load-now.ts';
import { hourName, hourStart } from '#console/view/elements/period-name.ts';
import { cellsBegin } from './playbook-hours.ts';
import type { HourCell, Outcomes } from './playbook-hours.ts';

const SHOWN = 15;

/** How each playbook went in the last 24 hours, hour by hour. */
export const DayPanel = ({
  strips,
  isPartial,
  time,
}: {
  strips: readonly DayStrip[];
  isPartial: boolean;
  time: ReaderTime;
}) => {
  const { ended, failed } = totalOfDay({ strips });
  const shown = strips.slice(0, SHOWN);
  return (
    <Panel
      title="Last 24 hours"
      id="day"
      aside={`${plural(ended, 'execution')}, ${failed === 0 ? 'none' : failed} failed`}
    >
      {shown.length === 0 ? <Empty>No playbook has run yet.</Empty> : null}
      <ul class="strips">
        {shown.map((strip) => (
          <Line strip={strip} time={time} />
        ))}
      </ul>
      {shown.length === 0 ? null : <Axis time={time} />}
      {isPartial || strips.length > SHOWN ? (
        <p class="small muted">
          These are the first {SHOWN} playbooks. <a href="/playbooks">All playbooks →</a>
        </p>
      ) : null}
    </Panel>
  );
};

const Line = ({ strip: { playbookId, name, cells, total }, time }: { strip: DayStrip; time: ReaderTime }) => (
  <li id={`day-${playbookId}`}>
    <a href={`/playbooks/${encodeURIComponent(playbookId)}`}>
      <Text value={name} max={60} />
    </a>
    <Strip
      cells={cells.map((cell) => ({
        tone: toneOf(cell),
        title: `${hourName(hourStart(cell.hour), time.timeZone)}: ${outcomeWords(cell)}`,
      }))}
      label={`${shownText(name, 60)}, the last 24 hours: ${outcomeWords(total)}`}
    />
    <span class={`figure small ${total.failed > 0 ? 'tone-alert' : 'muted'}`}>{shortWords(total)}</span>
  </li>
);

/** Which hours the left and the right end of the strips stand for, and what their colours mean. */
const Axis = ({ time: { now, timeZone } }: { time: ReaderTime }) => (
  <p class="axis-line small muted">
    <span>{hourName(cellsBegin(now), timeZone)}</span>
    <span class="legend">
      <Key tone="ok">well</Key>
      <Key tone="alert">failed</Key>
      <Key tone="quiet">skipped</Key>
    </span>
    <span>now</span>
  </p>
);

const Key = ({ tone, children }: { tone: Tone; children: string }) => (
  <span class="key">
    <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">
      <rect class={`fill-${tone}`} width={10} height={10} rx={2} />
    </svg>
    {children}
  </span>
);

function toneOf({ succeeded, failed, skipped }: HourCell): Tone | 'none' {
  if (failed > 0) return 'alert';
  if (succeeded > 0) return 'ok';
  return skipped > 0 ? 'quiet' : 'none';
}

function shortWords({ succeeded, failed, skipped }: Outcomes): string {
  if (failed > 0) return `${failed} failed`;
  if (succeeded > 0) return `${succeeded} well`;
  return skipped > 0 ? `${skipped} skipped` : 'none';
}

function outcomeWords({ succeeded, failed, skipped }: Outcomes): string {
  const parts = [
    ...(succeeded > 0 ? [`${succeeded} succeeded`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ];
  return parts.length === 0 ? 'nothing ran' : parts.join(', ');
}
