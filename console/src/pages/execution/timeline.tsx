import { durationInWords } from '#core/duration.ts';
import type { Attempt } from '#engine/record/attempt.ts';
import type { StepRecord } from '#engine/record/step-schema.ts';
import { attemptsBegun } from '#engine/record/kept-attempts.ts';
import type { SeenExecution } from '#records/executions/seen-execution.ts';
import { statusTone, type Tone } from '#console/view/elements/status.tsx';
import { shownText, Text } from '#console/view/elements/text.tsx';
import { stepHref } from '#console/view/records/execution-href.ts';
import type { StepRow } from './step-rows.ts';
import { AXIS_UNITS, placed, timeAxis, type TimeAxis } from './time-axis.ts';

const SIGNS: Readonly<Record<StepRecord['status'], string>> = {
  running: '▸',
  succeeded: '✓',
  failed: '✕',
  skipped: '–',
};
/** A playbook has at most 200 steps; a damaged record may name more. */
const MAX_ROWS = 220;
const MAX_BARS = 40;

/** The steps on a common time axis, each a link that opens it; bars are its attempts, the line between them waiting. */
export const Timeline = ({
  execution,
  rows,
  selected,
  now,
}: {
  execution: SeenExecution;
  rows: readonly StepRow[];
  selected: string | undefined;
  now: Date;
}) => {
  const axis = timeAxis(execution, now);
  return (
    <div class="timeline">
      <Axis axis={axis} />
      <ol aria-label="Steps in order">
        {rows.slice(0, MAX_ROWS).map((row) => (
          <Row executionId={execution.id} row={row} axis={axis} isSelected={row.path === selected} />
        ))}
      </ol>
      {rows.length > MAX_ROWS ? (
        <p class="muted small">{rows.length - MAX_ROWS} more are not shown; the JSON of the record has them.</p>
      ) : null}
    </div>
  );
};

const Axis = ({ axis }: { axis: TimeAxis }) => (
  <svg class="axis" aria-hidden="true">
    {axis.ticks.map(({ x, label }) => (
      <text
        x={`${(x * 100) / AXIS_UNITS}%`}
        y="11"
        text-anchor={x === 0 ? 'start' : x > AXIS_UNITS * 0.92 ? 'end' : 'middle'}
      >
        {label}
      </text>
    ))}
  </svg>
);

const Row = ({
  executionId,
  row: { path, name, type, depth, record },
  axis,
  isSelected,
}: {
  executionId: string;
  row: StepRow;
  axis: TimeAxis;
  isSelected: boolean;
}) => (
  <li id={`step-${path}`} class={`depth-${depth}`}>
    <a
      href={stepHref(executionId, path)}
      aria-current={isSelected ? 'true' : undefined}
      class={record === undefined ? 'unbegun' : undefined}
    >
      <span class="step-name">
        <span class={`sign tone-${record === undefined ? 'quiet' : toneOf(record.status, axis)}`}>
          <span aria-hidden="true">{signOf(record, axis)}</span>
          <span class="unseen">{isLost(record, axis) ? 'silent' : (record?.status ?? 'not begun')} </span>
        </span>
        <Text value={name} max={70} />
        <span class="muted small step-type">{shownText(type.replaceAll('_', ' '), 40)}</span>
        <span class="muted small figure took">{tookOf(record, axis)}</span>
      </span>
      {record === undefined ? null : <Bars record={record} axis={axis} />}
    </a>
  </li>
);

const Bars = ({ record, axis }: { record: StepRecord; axis: TimeAxis }) => {
  const isRunning = record.status === 'running';
  const endMs = isRunning ? axis.nowMs : record.completedAt.getTime();
  const bars = barsOf(record, axis);
  // A bar that grows begins anew with each look, so it is another one.
  return (
    <svg
      class={isGroup(record) ? 'bars group' : 'bars'}
      id={isRunning ? `bars-${record.path}-${axis.nowMs}` : `bars-${record.path}`}
      viewBox={`0 0 ${AXIS_UNITS} 12`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {axis.ticks.map(({ x }) => (
        <line class="tick" x1={x} x2={x} y2="12" />
      ))}
      {bars.length > 1 ? <rect class="waiting" {...placed(axis, record.startedAt.getTime(), endMs)} /> : null}
      {bars.map(({ tone, fromMs, toMs, grows }) => {
        const { x, width } = placed(axis, fromMs, toMs);
        return (
          <rect class={`fill-${tone}`} x={x} width={width}>
            {grows ? <Growth axis={axis} fromMs={fromMs} width={width} /> : null}
          </rect>
        );
      })}
    </svg>
  );
};

/** What runs grows with real time, to the end of the axis; then the page has long been looked at again. */
const Growth = ({ axis, fromMs, width }: { axis: TimeAxis; fromMs: number; width: number }) => {
  const endMs = axis.startMs + axis.spanMs;
  const seconds = Math.max(0.1, (endMs - axis.nowMs) / 1000);
  const full = placed(axis, fromMs, endMs).width;
  return <animate attributeName="width" from={width} to={full} dur={`${seconds.toFixed(1)}s`} fill="freeze" />;
};

interface Bar {
  readonly tone: Tone;
  readonly fromMs: number;
  readonly toMs: number;
  readonly grows: boolean;
}

/** One bar for each attempt; one for the whole of a step that decides what runs and has others inside. */
function barsOf(record: StepRecord, axis: TimeAxis): readonly Bar[] {
  const { nowMs, isStill } = axis;
  if (record.status === 'skipped') return [];
  const whole: Bar = {
    tone: toneOf(record.status, axis),
    fromMs: record.startedAt.getTime(),
    toMs: record.status === 'running' ? nowMs : record.completedAt.getTime(),
    grows: record.status === 'running' && !isStill,
  };
  if (isGroup(record) || record.attempts.length === 0) return [whole];
  return record.attempts.slice(-MAX_BARS).map((attempt) => ({
    tone: attempt.status === 'running' ? toneOf('running', axis) : attemptTone(attempt),
    fromMs: attempt.startedAt.getTime(),
    toMs: attempt.status === 'running' ? nowMs : attempt.completedAt.getTime(),
    grows: attempt.status === 'running' && record.status === 'running' && !isStill,
  }));
}

/** Whether a step was under way when nothing was heard of its execution any more. */
function isLost(record: StepRecord | undefined, { isStill }: TimeAxis): boolean {
  return record?.status === 'running' && isStill;
}

function signOf(record: StepRecord | undefined, axis: TimeAxis): string {
  if (record === undefined) return '·';
  return isLost(record, axis) ? '?' : SIGNS[record.status];
}

function toneOf(status: StepRecord['status'], { isStill }: TimeAxis): Tone {
  return status === 'running' && isStill ? 'unknown' : statusTone(status);
}

/** The colour of an attempt; whether an interrupted one had its effect is not known. */
export function attemptTone({ status }: Attempt): Tone {
  return status === 'interrupted' ? 'unknown' : statusTone(status);
}

function isGroup({ block }: StepRecord): boolean {
  return block !== undefined;
}

function tookOf(record: StepRecord | undefined, axis: TimeAxis): string {
  if (record === undefined) return '';
  if (record.status === 'skipped') return 'skipped';
  const count = attemptsBegun(record);
  const tries = count > 1 ? ` · ${count} attempts` : '';
  if (record.status === 'running') {
    return `${durationInWords(Math.max(0, axis.nowMs - record.startedAt.getTime()))} ${axis.isStill ? 'until it fell silent' : 'so far'}${tries}`;
  }
  return `${durationInWords(record.durationMs)}${tries}`;
}
