import { isEnded } from '#engine/record/execution.ts';
import { durationInWords } from '#core/duration.ts';
import type { SeenExecution } from '#records/executions/seen-execution.ts';

/** The length of the axis in units of its drawing. */
export const AXIS_UNITS = 1_000;

/** A line across the axis, and what stands above it. */
export interface Tick {
  /** In units, like all that is placed. */
  readonly x: number;
  readonly label: string;
}

/** The common time of all steps of an execution, from its start to its end; while it runs, to a little after now. */
export interface TimeAxis {
  readonly startMs: number;
  readonly spanMs: number;
  readonly nowMs: number;
  /** Nothing grows: it has ended, or nothing is heard of it any more. */
  readonly isStill: boolean;
  readonly ticks: readonly Tick[];
}

const STEPS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500]
  .concat([1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1_000))
  .concat([1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60_000))
  .concat([1, 2, 3, 6, 12, 24].map((hours) => hours * 3_600_000));
const MAX_TICKS = 4;
const DAY_MS = 86_400_000;
/** What runs gets room to grow into until the page is looked at again. */
const HEADROOM = 1.25;
const LEAST_WIDTH = 0.006;

/** The axis of an execution, as of `now`; of one whose runner is silent that is when it was last heard of. */
export function timeAxis(execution: SeenExecution, now: Date): TimeAxis {
  const startMs = execution.startedAt.getTime();
  const isStill = execution.status !== 'running' || execution.silentSince !== null;
  const asOf = execution.status === 'running' ? (execution.silentSince ?? now) : now;
  const nowMs = Math.max(startMs, asOf.getTime());
  const runsToMs = isStill ? nowMs : startMs + (nowMs - startMs) * HEADROOM + 1_000;
  const endMs = isEnded(execution) ? execution.completedAt.getTime() : runsToMs;
  const spanMs = Math.max(1, endMs - startMs);
  const stepMs = STEPS_MS.find((size) => spanMs / size <= MAX_TICKS) ?? Math.ceil(spanMs / MAX_TICKS / DAY_MS) * DAY_MS;
  const ticks: Tick[] = [];
  for (let atMs = 0; atMs <= spanMs; atMs += stepMs) {
    ticks.push({ x: units(atMs / spanMs), label: atMs === 0 ? '0' : tickLabel(atMs) });
  }
  return { startMs, spanMs, nowMs, isStill, ticks };
}

/** Where a span of time lies on the axis: never outside, never too narrow to be seen. */
export function placed(axis: TimeAxis, fromMs: number, toMs: number): { readonly x: number; readonly width: number } {
  const from = Math.min(1, Math.max(0, (fromMs - axis.startMs) / axis.spanMs));
  const to = Math.min(1, Math.max(from, (toMs - axis.startMs) / axis.spanMs));
  const width = Math.max(LEAST_WIDTH, to - from);
  return { x: units(Math.min(from, 1 - width)), width: units(width) };
}

function units(share: number): number {
  return Math.round(share * AXIS_UNITS * 10) / 10;
}

function tickLabel(ms: number): string {
  return durationInWords(ms)
    .replace('.0 s', ' s')
    .replace(/ 0 (s|min)$/, '');
}
