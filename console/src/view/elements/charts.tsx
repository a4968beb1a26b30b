import type { Tone } from './status.tsx';

/** One column of a chart: what it stands for, and its parts from below. */
export interface Column {
  readonly label: string;
  readonly parts: readonly { readonly tone: Tone; readonly value: number }[];
}

const COLUMN = 8;
const GAP = 2;

/** Columns of stacked parts, the highest as high as the chart. `label` says in words what is to be seen. */
export const Columns = ({
  columns,
  height = 40,
  label,
}: {
  columns: readonly Column[];
  height?: number;
  label: string;
}) => {
  const totals = columns.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0));
  const scale = height / Math.max(1e-12, ...totals);
  return (
    <svg
      class="chart"
      viewBox={`0 0 ${columns.length * (COLUMN + GAP)} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {columns.map((column, index) => {
        let top = height;
        return (
          <g>
            <title>{column.label}</title>
            <rect class="hit" x={index * (COLUMN + GAP)} y={0} width={COLUMN + GAP} height={height} />
            {column.parts.map(({ tone, value }) => {
              const size = value === 0 ? 0 : Math.max(1, value * scale);
              top -= size;
              return (
                <rect class={`fill-${tone}`} x={index * (COLUMN + GAP)} y={top} width={COLUMN} height={size} rx={1} />
              );
            })}
          </g>
        );
      })}
    </svg>
  );
};

/** A line through the values in order; `null` leaves a gap. From 0 to the largest, unless a `max` is given. */
export const Sparkline = ({
  values,
  label,
  tone = 'running',
  max,
}: {
  values: readonly (number | null)[];
  label: string;
  tone?: Tone;
  max?: number;
}) => {
  const [width, height] = [Math.max(1, values.length - 1) * 6, 28];
  const top = max ?? Math.max(1e-12, ...values.map((value) => value ?? 0));
  const points = values.map((value, index) => ({
    x: index * 6,
    y: value === null ? null : height - 2 - (value / top) * (height - 4),
  }));
  return (
    <svg class="spark" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <title>{label}</title>
      {segmentsOf(points).map((segment) =>
        segment.length === 1 ? (
          <circle class={`fill-${tone}`} cx={segment[0]?.x} cy={segment[0]?.y} r={1.6} />
        ) : (
          <polyline class={`stroke-${tone}`} points={segment.map(({ x, y }) => `${x},${y.toFixed(1)}`).join(' ')} />
        ),
      )}
    </svg>
  );
};

interface Point {
  readonly x: number;
  readonly y: number;
}

function segmentsOf(
  points: readonly { readonly x: number; readonly y: number | null }[],
): readonly (readonly Point[])[] {
  const segments: Point[][] = [[]];
  for (const { x, y } of points) {
    if (y === null) segments.push([]);
    else segments.at(-1)?.push({ x, y });
  }
  return segments.filter((segment) => segment.length > 0);
}

/** A row of equal cells in time, each with its colour and a title. */
export const Strip = ({
  cells,
  label,
}: {
  cells: readonly { readonly tone: Tone | 'none'; readonly title: string }[];
  label: string;
}) => (
  <svg class="strip" viewBox={`0 0 ${cells.length * 10} 20`} preserveAspectRatio="none" role="img" aria-label={label}>
    {cells.map(({ tone, title }, index) => (
      <rect class={`fill-${tone}`} x={index * 10 + 1} y={0} width={8} height={20} rx={2}>
        <title>{title}</title>
      </rect>
    ))}
  </svg>
);
