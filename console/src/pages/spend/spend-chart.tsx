import type { SpendDay, SpendFigures } from '#records/figures/spend.ts';
import { plural, usd } from '#console/view/elements/figures.tsx';
import { Text } from '#console/view/elements/text.tsx';
import { dayName } from '#console/view/elements/period-name.ts';
import { sharesOf, type Group } from '#console/view/records/spend-sum.ts';

/** As many have a colour of their own; the rest shares the last one. */
const OWN_COLOURS = 4;
const HEIGHT = 100;
const STEP = 10;
const WIDTH = 7.6;
/** A budget so far above all days would press them flat; then words say it. */
const MAX_BUDGET_HEIGHT = 3;

/** What one column is made of, from below. */
interface Part {
  readonly series: number;
  readonly value: number;
}

/** A column for each day, stacked by playbook, agent or model; the budget of a day as a line. */
export const SpendChart = ({
  days,
  by,
  perDayUsd,
}: {
  days: readonly SpendDay[];
  by: Group;
  perDayUsd: number | undefined;
}) => {
  // Where no price is known at all, the calls are what can be shown.
  const isMoney = days.some(({ total }) => total.costUsd > 0);
  const measure = ({ costUsd, modelCalls }: SpendFigures): number => (isMoney ? costUsd : modelCalls);
  const words = (value: number): string => (isMoney ? usd(value) : plural(value, 'call'));
  const [first] = days;
  const names = sharesOf(days, by).map(({ name }) => name);
  const highest = Math.max(...days.map(({ total }) => measure(total)));
  const budget = isMoney && perDayUsd !== undefined && perDayUsd <= highest * MAX_BUDGET_HEIGHT ? perDayUsd : undefined;
  const scale = HEIGHT / (Math.max(highest, budget ?? 0, 1e-12) * 1.04);
  return (
    <figure class="spend-chart">
      <p class="axis-line small muted">
        <span>{words(highest)} on the highest day</span>
        {budget === undefined ? null : <span>dashed: budget {usd(budget)} a day</span>}
      </p>
      <svg
        class="columns"
        viewBox={`0 0 ${days.length * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${isMoney ? 'Cost' : 'Model calls'} of each day, the highest ${words(highest)}. The figures stand below.`}
      >
        {days.map((day, index) => (
          <g>
            <title>{`${dayName(day.day)}: ${words(measure(day.total))}`}</title>
            <rect class="hit" x={index * STEP} y={0} width={STEP} height={HEIGHT} />
            {stacked(partsOf(day, by, names, measure), scale).map(({ series, y, height }) => (
              <rect class={`series-${series}`} x={index * STEP + 1.2} y={y} width={WIDTH} height={height} />
            ))}
          </g>
        ))}
        {budget === undefined ? null : (
          <line
            class="budget-line"
            x1={0}
            x2={days.length * STEP}
            y1={HEIGHT - budget * scale}
            y2={HEIGHT - budget * scale}
          />
        )}
      </svg>
      <p class="axis-line small muted">
        <span>{first === undefined ? null : dayName(first.day)}</span>
        <span>today</span>
      </p>
      <Legend names={names} />
    </figure>
  );
};

const Legend = ({ names }: { names: readonly string[] }) => (
  <figcaption class="legend small">
    {names.slice(0, OWN_COLOURS).map((name, index) => (
      <Key series={index}>
        <Text value={name} max={40} />
      </Key>
    ))}
    {names.length > OWN_COLOURS ? <Key series={OWN_COLOURS}>{`${names.length - OWN_COLOURS} others`}</Key> : null}
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

function partsOf(
  day: SpendDay,
  by: Group,
  names: readonly string[],
  measure: (figures: SpendFigures) => number,
): readonly Part[] {
  const values = Object.entries(day[by]).map(([name, figures]) => ({
    series: Math.min(OWN_COLOURS, names.indexOf(name)),
    value: measure(figures),
  }));
  return [...Map.groupBy(values, ({ series }) => series)]
    .map(([series, members]) => ({ series, value: members.reduce((sum, { value }) => sum + value, 0) }))
    .filter(({ value }) => value > 0)
    .toSorted((a, b) => a.series - b.series);
}

function stacked(parts: readonly Part[], scale: number) {
  let top = HEIGHT;
  return parts.map(({ series, value }) => {
    const height = Math.max(0.8, value * scale);
    top -= height;
    return { series, y: top.toFixed(2), height: height.toFixed(2) };
  });
}
