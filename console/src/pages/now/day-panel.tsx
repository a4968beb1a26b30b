import { plural } from '#console/view/elements/figures.tsx';
import { Strip } from '#console/view/elements/charts.tsx';
import { Empty, Panel } from '#console/view/elements/parts.tsx';
import { hourName, hourStart } from '#console/view/elements/period-name.ts';
import type { Tone } from '#console/view/elements/status.tsx';
import { shownText, Text } from '#console/view/elements/text.tsx';
import type { ReaderTime } from '#console/view/elements/time.tsx';
import { playbookHref } from '#console/view/records/playbook-href.ts';
import type { DayStrip } from './day-strips.ts';
import { totalOfDay, type NowView } from './now-view.ts';
import { cellsBegin, type HourCell, type Outcomes } from './playbook-hours.ts';

const SHOWN = 15;

/** How each playbook went in the last 24 hours, hour by hour. */
export const DayPanel = ({ view, time }: { view: NowView; time: ReaderTime }) => {
  const { strips, isPartial } = view;
  const { ended, failed } = totalOfDay(view);
  const counts = `${plural(ended, 'execution')}, ${failed === 0 ? 'none' : failed} failed`;
  if (strips.length === 0) {
    return (
      <Panel title="Last 24 hours" id="day" aside={counts}>
        <Empty>No executions yet.</Empty>
      </Panel>
    );
  }
  return (
    <Panel title="Last 24 hours" id="day" aside={counts}>
      <ul class="strips">
        {strips.slice(0, SHOWN).map((strip) => (
          <Line strip={strip} time={time} />
        ))}
      </ul>
      <Axis time={time} />
      {isPartial || strips.length > SHOWN ? (
        <p class="small muted">
          Showing the first {SHOWN} playbooks. <a href="/playbooks">All playbooks →</a>
        </p>
      ) : null}
    </Panel>
  );
};

const Line = ({ strip: { playbookId, name, cells, total }, time }: { strip: DayStrip; time: ReaderTime }) => (
  <li id={`day-${playbookId}`}>
    <a href={playbookHref(playbookId)}>
      <Text value={name} max={60} />
    </a>
    <Strip
      cells={cells.map((cell) => ({
        tone: toneOf(cell),
        title: `${hourName(hourStart(cell.hour), time.timeZone)}: ${outcomeWords(cell)}`,
      }))}
      label={`${shownText(name, 60)}, last 24 hours: ${outcomeWords(total)}`}
    />
    <span class={`figure small ${total.failed > 0 ? 'tone-alert' : 'muted'}`}>{shortWords(total)}</span>
  </li>
);

/** Which hours the left and the right end of the strips stand for, and what their colours mean. */
const Axis = ({ time: { now, timeZone } }: { time: ReaderTime }) => (
  <p class="axis-line small muted">
    <span>{hourName(cellsBegin(now), timeZone)}</span>
    <span class="legend">
      {LEGEND.map(([tone, word]) => (
        <Key tone={tone}>{word}</Key>
      ))}
    </span>
    <span>now</span>
  </p>
);

const LEGEND: readonly (readonly [Tone, string])[] = [
  ['ok', 'OK'],
  ['alert', 'failed'],
  ['quiet', 'skipped'],
];

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
  if (succeeded > 0) return `${succeeded} OK`;
  return skipped > 0 ? `${skipped} skipped` : 'none';
}

function outcomeWords(outcomes: Outcomes): string {
  const parts = Object.entries({
    succeeded: outcomes.succeeded,
    failed: outcomes.failed,
    skipped: outcomes.skipped,
  }).filter(([, count]) => count > 0);
  return parts.length === 0 ? 'no executions' : parts.map(([word, count]) => `${count} ${word}`).join(', ');
}
