import type { IntegrationHealth } from '#records/health/integration-health.ts';
import { Strip } from '#console/view/elements/charts.tsx';
import { latencyWords } from '#console/view/elements/figure-words.ts';
import { percent } from '#console/view/elements/figures.tsx';
import { shownText } from '#console/view/elements/text.tsx';
import { figuresOf, pointsOf, pointWords, toneOf, WINDOW_WORDS, type HealthWindow } from './health-window.ts';

interface PastProps {
  readonly name: string;
  readonly health: IntegrationHealth;
  readonly window: HealthWindow;
  readonly timeZone: string;
}

/** How an integration was: a strip over the window, its uptime and its latency. */
export const IntegrationPast = ({ name, health, window, timeZone }: PastProps) => {
  const { uptime } = figuresOf(health, window);
  const cells = pointsOf(health, window).map((point) => ({ tone: toneOf(point), title: pointWords(point, timeZone) }));
  return (
    <>
      <Strip cells={cells} label={`${shownText(name, 60)}, last ${WINDOW_WORDS[window]}: ${uptimeWords(uptime)}`} />
      <dl class="probe-figures">
        {figuresIn(health, window).map(([term, figure]) => (
          <div>
            <dt>{term}</dt>
            <dd class="figure">{figure}</dd>
          </div>
        ))}
      </dl>
    </>
  );
};

function figuresIn(health: IntegrationHealth, window: HealthWindow): readonly (readonly [string, string])[] {
  const { day, week, month } = health.past;
  const { meanMs, worstMs } = figuresOf(health, window);
  return [
    ['24 h', percent(day.uptime)],
    ['7 d', percent(week.uptime)],
    ['30 d', percent(month.uptime)],
    ['mean', latencyWords(meanMs)],
    ['worst', latencyWords(worstMs)],
  ];
}

function uptimeWords(uptime: number | null): string {
  return uptime === null ? 'not checked' : `up in ${percent(uptime)} of checks`;
}
