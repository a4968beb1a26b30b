import { describe, expect, test } from 'vitest';
import type { EndedStep } from '#engine/record/step-schema.ts';
import { aFailedExecution, aRunningExecution, aSucceededExecution } from '#testing/builders/an-execution.ts';
import { rawRepeats, violationsIn } from './check-history.ts';
import type { History } from './history.ts';

const START = new Date('2026-11-20T14:00:00.000Z');
/** A step that succeeded with the last of its attempts. */
function aStep(attempts = 1): Record<string, EndedStep> {
  const times = { startedAt: START, completedAt: START, durationMs: 5 };
  const interrupted = Array.from({ length: attempts - 1 }, (_, index) => {
    return { number: index + 1, ...times, status: 'interrupted' } as const;
  });
  const last = { number: attempts, ...times, status: 'succeeded', output: null } as const;
  const step = { path: 'order', id: 'order', type: 'tool_call', order: 0, ...times } as const;
  return { order: { ...step, status: 'succeeded', attempts: [...interrupted, last] } };
}

const ended = aSucceededExecution(START, { id: 'e1', steps: aStep() });
const effect = { path: 'order', key: 'e1/order' };

/** A history in which everything holds. */
function sound(changes: Partial<History> = {}): History {
  return {
    executionId: 'e1',
    interruptions: 0,
    kills: 0,
    records: 1,
    snapshots: [],
    final: ended,
    later: ended,
    effects: [effect],
    bookings: ['order'],
    left: { threads: 1, messages: 1 },
    answers: [200],
    expected: ['succeeded'],
    deadlineMs: 1_000,
    endedAfterMs: 500,
    counted: { figures: 1, ended: 1 },
    ...changes,
  };
}

const promised = (history: History): readonly string[] => violationsIn(history).map(({ promise }) => promise);
const twice = aSucceededExecution(START, { id: 'e1', steps: aStep(2) });

describe('the checker', () => {
  test('finds nothing in an execution that keeps every promise', () => {
    expect(violationsIn(sound())).toEqual([]);
  });

  test('accepts one repetition of an effect after one kill, and counts it', () => {
    const history = sound({ interruptions: 1, effects: [effect, effect], final: twice, later: twice });

    expect(violationsIn(history)).toEqual([]);
    expect(rawRepeats(history)).toBe(1);
  });

  test('accepts a late end that was answered 503 before', () => {
    expect(violationsIn(sound({ endedAfterMs: 60_000, answers: [503, 200] }))).toEqual([]);
  });

  test('accepts an execution without effects that was expected to fail', () => {
    const failed = aFailedExecution(START, { id: 'e1' });
    const changes = { final: failed, later: failed, effects: [], expected: ['failed'] as const, left: undefined };

    expect(violationsIn(sound({ ...changes, bookings: [] }))).toEqual([]);
  });

  const before = aRunningExecution(START, { id: 'e1', steps: aStep() });
  const running = aRunningExecution(START, { id: 'e1' });
  const failed = aFailedExecution(START, { id: 'e1', steps: aStep() });

  test.each<readonly [planted: string, names: string, changes: Partial<History>]>([
    [
      'a slot without a record',
      'lost',
      { records: 0, effects: [], final: undefined, later: undefined, counted: { figures: 0, ended: 0 } },
    ],
    ['a success without the effect of a step', 'lost', { effects: [] }],
    ['a success without its thread', 'lost', { left: { threads: 0, messages: 1 } }],
    ['a second record of a slot', 'duplicate records', { records: 2 }],
    ['a second message', 'duplicate records', { left: { threads: 1, messages: 2 } }],
    [
      'an effect of a step that had ended',
      'steps run again',
      {
        interruptions: 1,
        effects: [effect, effect],
        final: twice,
        later: twice,
        snapshots: [{ execution: { ...before, steps: twice.steps }, effects: 1 }],
      },
    ],
    ['an effect with a second key', 'second keys', { effects: [{ ...effect, key: 'e1/order#2' }] }],
    [
      'an execution that never ends',
      'running for ever',
      { effects: [], final: running, later: running, counted: { figures: 0, ended: 0 } },
    ],
    [
      'more repetitions than interruptions',
      'unexplained repeats',
      { effects: [effect, effect], final: twice, later: twice },
    ],
    ['an effect without an attempt', 'unexplained repeats', { interruptions: 1, effects: [effect, effect] }],
    ['a failure that nothing explains', 'wrong final states', { final: failed, later: failed }],
    ['an end six seconds after the deadline', 'late ends', { endedAfterMs: 7_000 }],
    ['a record that changes after its end', 'overwrites', { later: twice }],
    [
      'a step that changes after its end',
      'overwrites',
      { snapshots: [{ execution: { ...before, steps: twice.steps }, effects: 1 }] },
    ],
    ['an execution that the figures do not count', 'wrong statistics', { counted: { figures: 0, ended: 1 } }],
    ['an execution that the figures count twice', 'wrong statistics', { counted: { figures: 2, ended: 1 } }],
  ])('names %s: %s', (_, names, changes) => {
    expect(promised(sound(changes))).toEqual([names]);
  });
});
