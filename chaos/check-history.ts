import { isDeepStrictEqual } from 'node:util';
import { isEnded } from '#engine/record/execution.ts';
import type { History } from './history.ts';

/** The promises that an execution can break. */
export const PROMISES = [
  'lost',
  'duplicate records',
  'steps run again',
  'second keys',
  'running for ever',
  'unexplained repeats',
  'wrong final states',
  'late ends',
  'overwrites',
  'wrong statistics',
] as const;
export type Promised = (typeof PROMISES)[number];

/** A broken promise, with what was seen. */
export interface Violation {
  readonly promise: Promised;
  readonly seen: string;
}

/** So long after its deadline an execution has ended. */
const END_GRACE_MS = 5_000;

/** Holds what was seen of an execution against what is promised; empty if all holds. */
export function violationsIn(history: History): readonly Violation[] {
  return [
    ...recordViolations(history),
    ...endViolations(history),
    ...stepViolations(history),
    ...effectViolations(history),
  ];
}

/** How many effects came more than once: a repetition per interruption is no violation. */
export function rawRepeats({ effects }: Pick<History, 'effects'>): number {
  return effects.length - new Set(effects.map(({ path }) => path)).size;
}

function recordViolations({ records, final, left, counted }: History): readonly Violation[] {
  const found: Violation[] = [];
  if (records === 0 || final === undefined) found.push({ promise: 'lost', seen: 'the slot has no record' });
  if (records > 1) found.push({ promise: 'duplicate records', seen: `the slot has ${records} records` });
  if (counted.figures !== counted.ended) {
    const seen = `the figures count ${counted.figures} executions; ${counted.ended} have ended`;
    found.push({ promise: 'wrong statistics', seen });
  }
  if (left === undefined || final?.status !== 'succeeded') return found;
  for (const [what, count] of Object.entries(left)) {
    if (count === 0) found.push({ promise: 'lost', seen: `it left no ${what}` });
    if (count > 1) found.push({ promise: 'duplicate records', seen: `it left ${count} ${what}` });
  }
  return found;
}

function endViolations({ final, later, answers, expected, deadlineMs, endedAfterMs }: History): readonly Violation[] {
  if (final === undefined) return [];
  if (!isEnded(final)) return [{ promise: 'running for ever', seen: `it is ${final.status}` }];
  const found: Violation[] = [];
  if (!expected.includes(final.status)) {
    const why = final.status === 'failed' ? `: ${final.error}` : '';
    found.push({ promise: 'wrong final states', seen: `it is ${final.status}${why}, not ${expected.join(' or ')}` });
  }
  if (!isDeepStrictEqual(final, later)) {
    found.push({ promise: 'overwrites', seen: 'the record changed after it had ended' });
  }
  // One that was answered 503 may end with the next delivery, whenever that comes.
  if (endedAfterMs > deadlineMs + END_GRACE_MS && !answers.includes(503)) {
    found.push({ promise: 'late ends', seen: `it ended after ${Math.round(endedAfterMs)} ms of ${deadlineMs}` });
  }
  return found;
}

/** What was recorded as ended stays as it was, and has no effect any more. */
function stepViolations({ snapshots, final, effects }: History): readonly Violation[] {
  return snapshots.flatMap(({ execution, effects: before }) => {
    const afterwards = effects.slice(before).map(({ path }) => path);
    const ended = Object.values(execution?.steps ?? {}).filter(({ status }) => status !== 'running');
    return ended.flatMap((step): Violation[] => {
      const again = afterwards.includes(step.path);
      const changed = !isDeepStrictEqual(final?.steps[step.path], step);
      return [
        ...(again ? [violation('steps run again', `${step.path} had ended and had another effect`)] : []),
        ...(changed ? [violation('overwrites', `${step.path} had ended and was changed`)] : []),
      ];
    });
  });
}

function violation(promise: Promised, seen: string): Violation {
  return { promise, seen };
}

function effectViolations(history: History): readonly Violation[] {
  const { executionId, effects, bookings, final, interruptions } = history;
  const found: Violation[] = [];
  for (const [path, own] of Map.groupBy(effects, (effect) => effect.path)) {
    const keys = [...new Set(own.map(({ key }) => key))];
    if (!isDeepStrictEqual(keys, [`${executionId}/${path}`])) {
      found.push(violation('second keys', `${path} came with ${keys.join(' and ')}`));
    }
    const attempts = final?.steps[path]?.attempts.length ?? 0;
    if (own.length > attempts) {
      found.push(violation('unexplained repeats', `${path} came ${own.length} times in ${attempts} attempts`));
    }
  }
  const repeats = rawRepeats(history);
  if (repeats > interruptions) {
    found.push(violation('unexplained repeats', `${repeats} effects were repeated by ${interruptions} interruptions`));
  }
  const missing = bookings.filter((path) => !effects.some((effect) => effect.path === path));
  if (final?.status === 'succeeded' && missing.length > 0) {
    found.push(violation('lost', `it succeeded without the effects of ${missing.join(', ')}`));
  }
  return found;
}
