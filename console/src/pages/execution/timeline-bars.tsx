import type { Attempt } from '#engine/record/attempt.ts';
import type { StepRecord } from '#engine/record/step-schema.ts';
import type { Tone } from '#console/view/elements/status.tsx';
import { attemptTone, isGroup, toneOf } from './step-look.ts';
import { AXIS_UNITS, placed, type TimeAxis } from './time-axis.ts';

const MAX_BARS = 40;

/** The bars of a step on the axis. */
export const TimelineBars = ({ record, axis }: { record: StepRecord; axis: TimeAxis }) => {
  const isRunning = record.status === 'running';
  const endMs = isRunning ? axis.nowMs : record.completedAt.getTime();
  const bars = barsOf(record, axis);
  // A growing bar starts over with every refresh, so it needs its own id.
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
      {bars.map((bar) => (
        <BarRect bar={bar} axis={axis} />
      ))}
    </svg>
  );
};

const BarRect = ({ bar: { tone, fromMs, toMs, grows }, axis }: { bar: Bar; axis: TimeAxis }) => {
  const { x, width } = placed(axis, fromMs, toMs);
  return (
    <rect class={`fill-${tone}`} x={x} width={width}>
      {grows ? <Growth axis={axis} fromMs={fromMs} width={width} /> : null}
    </rect>
  );
};

/** A running step grows with real time, to the end of the axis; by then the page has long been refreshed. */
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

/** Whether an attempt has ended. */
function isOver(attempt: Attempt): attempt is Extract<Attempt, { readonly completedAt: Date }> {
  return attempt.status !== 'running' && attempt.status !== 'waiting';
}

/** One bar for each attempt; a single one for a step with others inside. */
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
    tone: isOver(attempt) ? attemptTone(attempt) : toneOf('running', axis),
    fromMs: attempt.startedAt.getTime(),
    toMs: isOver(attempt) ? attempt.completedAt.getTime() : nowMs,
    grows: attempt.status === 'running' && record.status === 'running' && !isStill,
  }));
}
