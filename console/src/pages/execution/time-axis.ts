import { durationInWords } from '../../../../functions/src/engine/duration.ts';
import type { Execution } from '../../../../functions/src/engine/execution.ts';

/** The common time of all steps of an execution, from its start to its end; while it runs, to a little after now. */
export interface TimeAxis {
  readonly startMs: number;
  readonly spanMs: number;
  readonly nowMs: number;
  readonly ticks: readonly {
    readonly at: string;
    readonly label: string;
    readonly anchor: 'start' | 'middle' | 'end';
  }[];
}

const STEPS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500]
  .concat([1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1_000))
  .concat([1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60_000))
  .concat([1, 2, 3, 6, 12, 24].map((hours) => hours * 3_600_000));
const MAX_TICKS = 4;
const DAY_MS = 86_400_000;
/** What runs gets room to grow into until the page is looked at again. */
const HEADROOM = 1.25;

/** The axis of an execution, as of `now`. */
export function timeAxis(execution: Execution, now: Date): TimeAxis {
  const startMs = execution.startedAt.getTime();
  const isRunning = execution.status === 'running';
  const nowMs = Math.max(startMs, now.getTime());
  const endMs = isRunning ? startMs + (nowMs - startMs) * HEADROOM + 1_000 : execution.completedAt.getTime();
  const spanMs = Math.max(1, endMs - startMs);
  const stepMs = STEPS_MS.find((size) => spanMs / size <= MAX_TICKS) ?? Math.ceil(spanMs / MAX_TICKS / DAY_MS) * DAY_MS;
  const ticks = [];
  for (let atMs = 0; atMs <= spanMs; atMs += stepMs) {
    const anchor = atMs === 0 ? 'start' : atMs / spanMs > 0.92 ? 'end' : 'middle';
    ticks.push({ at: share(atMs / spanMs), label: atMs === 0 ? '0' : tickLabel(atMs), anchor } as const);
  }
  return { startMs, spanMs, nowMs, ticks };
}

/** Where a span of time lies on the axis, as SVG writes it: never outside, never too narrow to be seen. */
export function placed(axis: TimeAxis, fromMs: number, toMs: number): { readonly x: string; readonly width: string } {
  const from = Math.min(1, Math.max(0, (fromMs - axis.startMs) / axis.spanMs));
  const to = Math.min(1, Math.max(from, (toMs - axis.startMs) / axis.spanMs));
  const width = Math.max(0.006, to - from);
  return { x: share(Math.min(from, 1 - width)), width: share(width) };
}

/** A share of 1 as SVG writes it. */
export function share(value: number): string {
  return `${Math.round(value * 10_000) / 100}%`;
}

function tickLabel(ms: number): string {
  return durationInWords(ms)
    .replace('.0 s', ' s')
    .replace(/ 0 (s|min)$/, '');
}
