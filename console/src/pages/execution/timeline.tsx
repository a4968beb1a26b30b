import type { SeenExecution } from '#records/executions/seen-execution.ts';
import { shownText, Text } from '#console/view/elements/text.tsx';
import { stepHref } from '#console/view/records/execution-href.ts';
import { durationOf, isLost, signOf, toneOf } from './step-look.ts';
import type { StepRow } from './step-rows.ts';
import { AXIS_UNITS, timeAxis, type TimeAxis } from './time-axis.ts';
import { TimelineBars } from './timeline-bars.tsx';

/** A playbook has at most 200 steps; a damaged record may name more. */
const MAX_ROWS = 220;

interface TimelineProps {
  readonly execution: SeenExecution;
  readonly rows: readonly StepRow[];
  /** The path of the step that the page shows. */
  readonly selected: string | undefined;
  readonly now: Date;
}

/** The steps on a common time axis, each a link that opens it; bars are attempts, the line between them is waiting. */
export const Timeline = ({ execution, rows, selected, now }: TimelineProps) => {
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
        <p class="muted small">and {rows.length - MAX_ROWS} more in the JSON of the record</p>
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

interface RowProps {
  readonly executionId: string;
  readonly row: StepRow;
  readonly axis: TimeAxis;
  readonly isSelected: boolean;
}

const Row = ({ executionId, row, axis, isSelected }: RowProps) => (
  <li id={`step-${row.path}`} class={`depth-${row.depth}`}>
    <a
      href={stepHref(executionId, row.path)}
      aria-current={isSelected ? 'true' : undefined}
      class={row.record === undefined ? 'unbegun' : undefined}
    >
      <Name row={row} axis={axis} />
      {row.record === undefined ? null : <TimelineBars record={row.record} axis={axis} />}
    </a>
  </li>
);

const Name = ({ row: { name, type, record }, axis }: Pick<RowProps, 'row' | 'axis'>) => (
  <span class="step-name">
    <span class={`sign tone-${record === undefined ? 'quiet' : toneOf(record.status, axis)}`}>
      <span aria-hidden="true">{signOf(record, axis)}</span>
      <span class="unseen">{isLost(record, axis) ? 'silent' : (record?.status ?? 'not started')} </span>
    </span>
    <Text value={name} max={70} />
    <span class="muted small step-type">{shownText(type.replaceAll('_', ' '), 40)}</span>
    <span class="muted small figure took">
      {durationOf(record, axis).map((words) => (
        <>
          <span class="nowrap">{words}</span>{' '}
        </>
      ))}
    </span>
  </span>
);
