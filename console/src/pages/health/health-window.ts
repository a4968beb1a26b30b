import type { HealthFigures, HealthPoint, IntegrationHealth } from '#records/health/integration-health.ts';
import type { Tone } from '#console/view/elements/status.tsx';
import { plural } from '#console/view/elements/figures.tsx';
import { dayName, hourName, hourStart } from '#console/view/elements/period-name.ts';
import { latencyWords } from '#console/view/elements/figure-words.ts';

/** How far back the page looks. */
export const WINDOWS = ['24h', '7d', '30d'] as const;
export type HealthWindow = (typeof WINDOWS)[number];

const BAD_SHARE = 0.5;

/** The window of an address; 24 hours for anything else. */
export function windowOf(name: string | undefined): HealthWindow {
  return WINDOWS.find((known) => known === name) ?? '24h';
}

/** The window as people say it. */
export const WINDOW_WORDS: Readonly<Record<HealthWindow, string>> = {
  '24h': '24 hours',
  '7d': '7 days',
  '30d': '30 days',
};

/** The cells of a window, the oldest first. */
export function pointsOf({ hours, days }: IntegrationHealth, window: HealthWindow): readonly HealthPoint[] {
  if (window === '24h') return hours.slice(-24);
  return window === '7d' ? days.slice(-7) : days;
}

/** The figures over a window. */
export function figuresOf({ past }: IntegrationHealth, window: HealthWindow): HealthFigures {
  return { '24h': past.day, '7d': past.week, '30d': past.month }[window];
}

/** The colour of an hour or a day: down in half of the checks or more is an outage, less of it or slow a warning. */
export function toneOf({ checks, down, degraded }: HealthPoint): Tone | 'none' {
  if (checks === 0) return 'none';
  if (down > 0) return down / checks >= BAD_SHARE ? 'alert' : 'warn';
  return degraded > 0 ? 'warn' : 'ok';
}

/** What a cell says when it is asked: `Fri 09:00: 4 checks, 1 failed, 120 ms`. */
export function pointWords({ period, checks, down, degraded, meanMs }: HealthPoint, timeZone: string): string {
  const name = period.includes('T') ? hourName(hourStart(period), timeZone) : dayName(period);
  if (checks === 0) return `${name}: not checked`;
  const parts = [
    plural(checks, 'check'),
    ...(down > 0 ? [`${down} failed`] : []),
    ...(degraded > 0 ? [`${degraded} slow`] : []),
    ...(meanMs === null ? [] : [latencyWords(meanMs)]),
  ];
  return `${name}: ${parts.join(', ')}`;
}
