import { dayName } from '#console/view/elements/period-name.ts';
import { plural, usd } from '#console/view/elements/figures.tsx';
import { Text } from '#console/view/elements/text.tsx';
import { sharesOf } from '#console/view/records/spend-sum.ts';
import { HEIGHT, measureOf, OWN_COLOURS, partsOf, stacked, type Measure } from './chart-parts.ts';
import { shownName, type SpendView } from './spend-view.ts';

const STEP = 10;
const WIDTH = 7.6;
/** A budget so far above all days would press them flat; then words say it. */
const MAX_BUDGET_HEIGHT = 3;

/** A column for each day, stacked by playbook, agent or model; the daily budget as a line. */
export const SpendChart = ({ view }: { view: SpendView }) => {
  const { days, wish, perDayUsd } = view;
  const measure = measureOf(days);
  const members = sharesOf(days, wish.by).map(({ name }) => name);
  const highest = Math.max(...days.map(({ total }) => measure.valueOf(total)));
  const fits = measure.isMoney && perDayUsd !== undefined && perDayUsd <= highest * MAX_BUDGET_HEIGHT;
  const chart = { view, measure, members, highest, budget: fits ? perDayUsd : undefined };
  const [first] = days;
  return (
    <figure class="spend-chart">
      <Extremes chart={chart} />
      <Columns chart={chart} />
      <p class="axis-line small muted">
        <span>{first === undefined ? null : dayName(first.day)}</span>
        <span>today</span>
      </p>
      <Legend names={members.map((name) => shownName(view, wish.by, name))} />
    </figure>
  );
};

interface Chart {
  readonly view: SpendView;
  readonly measure: Measure;
  /** Those that the columns are stacked of, the most expensive first. */
  readonly members: readonly string[];
  readonly highest: number;
  /** Undefined: it is not drawn. */
  readonly budget: number | undefined;
}

const Extremes = ({ chart: { measure, highest, budget } }: { chart: Chart }) => (
  <p class="axis-line small muted">
    <span>highest day: {measure.inWords(highest)}</span>
    {budget === undefined ? null : <span>dashed line: daily budget {usd(budget)}</span>}
  </p>
);

const Columns = ({ chart: { view, measure, members, highest, budget } }: { chart: Chart }) => {
  const { days, wish } = view;
  const scale = HEIGHT / (Math.max(highest, budget ?? 0, 1e-12) * 1.04);
  const label = `${measure.isMoney ? 'Cost' : 'Model calls'} per day, at most ${measure.inWords(highest)}. The figures are below.`;
  return (
    <svg
      class="columns"
      viewBox={`0 0 ${days.length * STEP} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {days.map((day, index) => (
        <g>
          <title>{`${dayName(day.day)}: ${measure.inWords(measure.valueOf(day.total))}`}</title>
          <rect class="hit" x={index * STEP} y={0} width={STEP} height={HEIGHT} />
          {stacked(partsOf(day[wish.by], members, measure), scale).map(({ series, y, height }) => (
            <rect class={`series-${series}`} x={index * STEP + 1.2} y={y} width={WIDTH} height={height} />
          ))}
        </g>
      ))}
      {budget === undefined ? null : <BudgetLine y={HEIGHT - budget * scale} width={days.length * STEP} />}
    </svg>
  );
};

const BudgetLine = ({ y, width }: { y: number; width: number }) => (
  <line class="budget-line" x1={0} x2={width} y1={y} y2={y} />
);

const Legend = ({ names }: { names: readonly string[] }) => (
  <figcaption class="legend small">
    {names.slice(0, OWN_COLOURS).map((name, index) => (
      <Key series={index}>
        <Text value={name} max={40} />
      </Key>
    ))}
    {names.length > OWN_COLOURS ? <Key series={OWN_COLOURS}>{plural(names.length - OWN_COLOURS, 'other')}</Key> : null}
  </figcaption>
);

const Key = ({ series, children }: { series: number; children: unknown }) => (
  <span class="key">
    <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">
      <rect class={`series-${series}`} width={10} height={10} rx={2} />
    </svg>
    {children}
  </span>
);
