import { durationInWords } from '#core/duration.ts';
import { Columns } from '#console/view/elements/charts.tsx';
import { count, percent, plural } from '#console/view/elements/figures.tsx';
import { Empty, Panel } from '#console/view/elements/parts.tsx';
import { dayName } from '#console/view/elements/period-name.ts';
import { dayInWords, DurationSpark, executionsInWords, monthOf, type Month } from '#console/view/records/month.tsx';
import type { PlaybookView } from './playbook-view.ts';

/** The last 30 days: how often it succeeded, and how long it took. */
export const MonthPanel = ({ statistics, time }: Pick<PlaybookView, 'statistics' | 'time'>) => {
  if (statistics === undefined) {
    return (
      <Panel title="Last 30 days" id="month">
        <p class="problem">The figures of this playbook cannot be read: their record is damaged.</p>
      </Panel>
    );
  }
  const month = monthOf(statistics, time.now);
  const { succeeded, failed, skipped } = month.sum;
  return (
    <Panel title="Last 30 days" id="month" aside="by day, UTC">
      {succeeded + failed + skipped === 0 ? (
        <Empty>No executions in the last 30 days. Choose “Run now” to try it.</Empty>
      ) : (
        <Figures month={month} />
      )}
    </Panel>
  );
};

const Figures = ({ month }: { month: Month }) => {
  const { sum } = month;
  return (
    <>
      <p>
        <strong class="figure">{percent(sum.successRate)}</strong> of {executionsInWords(sum)} succeeded
        {sum.failed === 0 ? '' : `, ${count(sum.failed)} failed`}
        {sum.skipped === 0 ? '' : `; ${plural(sum.skipped, 'slot')} skipped`}.
      </p>
      <PerDay month={month} />
      <div class="grid">
        <Duration month={month} of="p50Ms" name="Median" />
        <Duration month={month} of="p95Ms" name="p95" />
      </div>
    </>
  );
};

const PerDay = ({ month: { sum, days } }: { month: Month }) => {
  const [first = '', last = ''] = [days[0], days.at(-1)].map((day) => day && dayName(day.day));
  return (
    <figure>
      <Columns
        label={`Executions per day from ${first} to ${last}: ${sum.succeeded} succeeded, ${sum.failed} failed, ${sum.skipped} skipped`}
        columns={days.map((figures) => ({
          label: dayInWords(figures),
          parts: [
            { tone: 'ok', value: figures.succeeded },
            { tone: 'alert', value: figures.failed },
            { tone: 'quiet', value: figures.skipped },
          ],
        }))}
      />
      <figcaption class="row spread small muted">
        <span>{first}</span>
        <span>{last}</span>
      </figcaption>
    </figure>
  );
};

const Duration = ({ month, of, name }: { month: Month; of: 'p50Ms' | 'p95Ms'; name: string }) => {
  const durationMs = month.sum[of];
  if (durationMs === null) return null;
  const words = durationInWords(durationMs);
  const peakMs = Math.max(...month.days.map((figures) => figures[of] ?? 0));
  return (
    <div>
      <p>
        <span class="label">{name}</span> <span class="figure">{words}</span>
      </p>
      <DurationSpark
        month={month}
        of={of}
        label={`${name} per day over 30 days: ${words} overall, at most ${durationInWords(peakMs)} on one day`}
      />
    </div>
  );
};
