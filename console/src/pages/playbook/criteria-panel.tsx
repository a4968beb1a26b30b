import type { Criterion } from '#language/playbook/playbook.ts';
import type { CriterionResult } from '#engine/record/execution.ts';
import type { CriterionDay, PlaybookStatistics } from '#records/figures/playbook-statistics.ts';
import { lastDays } from '#records/store/utc-periods.ts';
import { Sparkline, Strip } from '#console/view/elements/charts.tsx';
import { Panel } from '#console/view/elements/parts.tsx';
import { BandBadge, bandTone, type Tone } from '#console/view/elements/status.tsx';
import { shownText, Text } from '#console/view/elements/text.tsx';
import { Expression, Measured } from '#console/view/records/criteria-panel.tsx';
import type { PlaybookView } from './playbook-view.ts';

const DAYS = 30;
/** The worst first. */
const BANDS = ['alert', 'warn', 'unknown', 'ok'] as const;

/** Every criterion over 30 days: the conditions of its bands, the worst band of each day, and the values. */
export const CriteriaOverTime = ({ record, statistics, executions, time }: PlaybookView) => {
  const { criteria = [] } = record.definition;
  if (criteria.length === 0) return null;
  const days = lastDays(time.now, DAYS);
  return (
    <Panel title="Criteria over time" id="criteria" aside="30 days, worst band per day">
      <ul class="criteria">
        {criteria.map((criterion) => (
          <li id={`criterion-${criterion.id}`}>
            <Definition criterion={criterion} latest={latestOf(criterion.id, executions.executions)} />
            <History criterion={criterion} history={historyOf(statistics, criterion.id, days)} />
          </li>
        ))}
      </ul>
    </Panel>
  );
};

const Definition = ({ criterion, latest }: { criterion: Criterion; latest: CriterionResult | undefined }) => (
  <div>
    <h3>
      <Text value={criterion.name ?? criterion.id} max={100} />
    </h3>
    {latest === undefined ? (
      <p class="muted">not measured yet</p>
    ) : (
      <p class="row">
        <BandBadge band={latest.band} /> <Measured criterion={latest} />
      </p>
    )}
    <p class="small muted">
      ok: <Expression written={criterion.ok} />, alert: <Expression written={criterion.alert} />
    </p>
  </div>
);

interface MeasuredDay {
  readonly day: string;
  readonly measured: CriterionDay | undefined;
}

const History = ({ criterion, history }: { criterion: Criterion; history: readonly MeasuredDay[] }) => {
  const name = shownText(criterion.name ?? criterion.id, 60);
  const values = history.map(({ measured }) => figureOf(measured));
  const bad = history.filter(({ measured }) => (measured?.alert ?? 0) > 0).length;
  return (
    <div class="stack-small">
      <Strip
        label={`${name}: in alert on ${bad} of ${DAYS} days`}
        cells={history.map((day) => ({ tone: toneOf(day), title: dayInWords(day) }))}
      />
      {values.every((value) => value === null) ? null : (
        <Sparkline label={`${name}, last value of each day: ${rangeInWords(values)}`} values={scaled(values)} max={1} />
      )}
    </div>
  );
};

function latestOf(id: string, executions: PlaybookView['executions']['executions']): CriterionResult | undefined {
  for (const execution of executions) {
    const criteria = 'criteria' in execution ? execution.criteria : [];
    const found = criteria.find((criterion) => criterion.id === id);
    if (found !== undefined) return found;
  }
  return undefined;
}

function historyOf(
  statistics: PlaybookStatistics | undefined,
  id: string,
  days: readonly string[],
): readonly MeasuredDay[] {
  return days.map((day) => {
    const criteria = statistics?.days[day]?.criteria ?? {};
    return { day, measured: Object.hasOwn(criteria, id) ? criteria[id] : undefined };
  });
}

function toneOf({ measured }: MeasuredDay): Tone | 'none' {
  const worst = measured === undefined ? undefined : BANDS.find((band) => measured[band] > 0);
  return worst === undefined ? 'none' : bandTone(worst);
}

function dayInWords({ day, measured }: MeasuredDay): string {
  if (measured === undefined) return `${day}: not measured`;
  const counts = BANDS.filter((band) => measured[band] > 0).map((band) => `${measured[band]} ${band}`);
  const last = measured.last === undefined ? '' : `, last value ${measured.last}`;
  return `${day}: ${counts.join(', ')}${last}`;
}

/** Truths are drawn as 1 and 0. */
function figureOf(measured: CriterionDay | undefined): number | null {
  return measured?.last === undefined ? null : Number(measured.last);
}

/** The values between 0 and 1: from the smallest of them, or from 0 where none is negative. */
function scaled(values: readonly (number | null)[]): readonly (number | null)[] {
  const known = values.filter((value) => value !== null);
  // Halves, so that the distance of two numbers is always a number.
  const low = Math.min(0, ...known) / 2;
  const span = Math.max(0, ...known) / 2 - low;
  return values.map((value) => (value === null ? null : span === 0 ? 0 : (value / 2 - low) / span));
}

function rangeInWords(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  return `from ${Math.min(...known)} to ${Math.max(...known)}`;
}
