import { durationInWords } from '#core/duration.ts';
import type { Attempt } from '#engine/record/attempt.ts';
import type { StepRecord } from '#engine/record/step-schema.ts';
import { attemptsBegun } from '#engine/record/kept-attempts.ts';
import { statusTone, type Tone } from '#console/view/elements/status.tsx';
import type { TimeAxis } from './time-axis.ts';

const SIGNS: Readonly<Record<StepRecord['status'], string>> = {
  running: '▸',
  succeeded: '✓',
  failed: '✕',
  skipped: '–',
};

/** Whether a step was in progress when its runner went silent. */
export function isLost(record: StepRecord | undefined, { isStill }: TimeAxis): boolean {
  return record?.status === 'running' && isStill;
}

/** The sign of a step; of one without a record, a dot. */
export function signOf(record: StepRecord | undefined, axis: TimeAxis): string {
  if (record === undefined) return '·';
  return isLost(record, axis) ? '?' : SIGNS[record.status];
}

/** The colour of a status; unknown for what ran when its runner went silent. */
export function toneOf(status: StepRecord['status'], { isStill }: TimeAxis): Tone {
  return status === 'running' && isStill ? 'unknown' : statusTone(status);
}

/** The colour of an attempt; whether the effect of an interrupted one happened is unknown. */
export function attemptTone({ status }: Attempt): Tone {
  return status === 'interrupted' ? 'unknown' : statusTone(status);
}

/** Whether a step decides what runs, and has others inside. */
export function isGroup({ block, spread }: StepRecord): boolean {
  return block !== undefined || spread !== undefined;
}

/** The duration of a step so far, and how many attempts it took: words that a line may end between. */
export function durationOf(record: StepRecord | undefined, axis: TimeAxis): readonly string[] {
  if (record === undefined) return [];
  if (record.status === 'skipped') return ['skipped'];
  const count = attemptsBegun(record);
  const tries = count > 1 ? [`· ${count} attempts`] : [];
  if (record.status !== 'running') return [durationInWords(record.durationMs), ...tries];
  const soFar = durationInWords(Math.max(0, axis.nowMs - record.startedAt.getTime()));
  return axis.isStill ? ['silent after', soFar, ...tries] : [`${soFar} so far`, ...tries];
}
