import { describe, expect, test } from 'vitest';
import { failureOf } from '#core/failure.ts';
import { seededRandom } from '#testing/simulation/seeded-random.ts';
import { endOf, type FruitlessAttempt, type RunningAttempt, type SucceededAttempt } from './attempt.ts';
import { attemptsBegun } from './kept-attempts.ts';
import * as transitions from './step-record.ts';
import { StepRecord, type DecidedStep, type UnderWayStep } from './step-schema.ts';
import type { Route } from './step-trace.ts';

const START = new Date('2026-11-20T14:00:00.000Z');
const PLACE = { path: 'call', id: 'call', type: 'tool_call', order: 0 };
const FAILURE = failureOf('timeout', { message: 'Too slow. '.repeat(200) });

/** One step on its way, by transitions that are drawn; every record that it was is in `seen`. */
function randomWay(seed: number): readonly StepRecord[] {
  const random = seededRandom(seed);
  const chance = (share: number): boolean => random() < share;
  let nowMs = START.getTime();
  // Clocks of different machines may go back.
  const now = (): Date => new Date((nowMs += Math.round((random() - 0.2) * 1_000)));
  const seen: StepRecord[] = [];
  const see = <Step extends StepRecord>(step: Step): Step => {
    seen.push(step);
    return step;
  };
  const ended = (step: Parameters<typeof transitions.shortened>[0]): void => {
    if (step.status === 'failed' && chance(0.5)) see(transitions.continued(step));
    if (chance(0.3)) see(transitions.shortened(step));
  };

  function decide(): void {
    const routes: readonly Route[] = [
      {},
      { block: 'then' },
      { spread: { kind: 'branches', blocks: ['a', 'b'], limit: 2 } },
      { spread: { kind: 'each', block: 'do', limit: 1, count: 2, items: { output: [1, 2] } } },
    ];
    const route = routes[Math.floor(random() * routes.length)] ?? {};
    const decided: DecidedStep = see(transitions.decided(PLACE, { output: { branch: 'then' }, route }, now()));
    ended(see(chance(0.5) ? transitions.completed(decided, now()) : transitions.failed(decided, FAILURE, now())));
  }

  function act(): void {
    let step: UnderWayStep = see(transitions.begun(PLACE, now()));
    for (let tries = 0; tries < 12; tries += 1) {
      const attempt: RunningAttempt = {
        number: attemptsBegun(step) + 1,
        status: 'running',
        startedAt: now(),
        input: {},
      };
      const running = see(transitions.attempted(step, attempt));
      if (chance(0.2)) {
        const suspension = { until: now() };
        const waits = see(transitions.attempted(step, { ...attempt, status: 'waiting', suspension }));
        if (chance(0.2)) return ended(see(transitions.failed(waits, FAILURE, now())));
        step = transitions.waitingIn(waits)?.before ?? waits;
      }
      if (chance(0.2)) return ended(see(transitions.failed(running, FAILURE, now())));
      if (chance(0.3)) return ended(see(transitions.succeeded(step, succeededOf(attempt, now()), now())));
      step = see(
        chance(0.3) ? transitions.interrupted(running, now()) : transitions.attempted(step, failedOf(attempt, now())),
      );
      if (chance(0.1)) return ended(see(transitions.failed(step, FAILURE, now())));
    }
  }

  const way = random();
  if (way < 0.2) decide();
  else if (way < 0.3) ended(see(transitions.skipped(PLACE, 'Its if was false.', now())));
  else if (way < 0.4) ended(see(transitions.failedUntried(PLACE, FAILURE, now())));
  else act();
  return seen;
}

function succeededOf(attempt: RunningAttempt, completedAt: Date): SucceededAttempt {
  return { ...attempt, ...endOf(attempt.startedAt, completedAt), status: 'succeeded', output: null };
}

function failedOf(attempt: RunningAttempt, completedAt: Date): FruitlessAttempt {
  return { ...attempt, ...endOf(attempt.startedAt, completedAt), status: 'failed', failure: FAILURE };
}

describe('the record of a step', () => {
  test('is one that a reader takes, after whatever transitions', () => {
    const statuses = new Set<string>();
    for (let seed = 1; seed <= 2_000; seed += 1) {
      for (const step of randomWay(seed)) {
        statuses.add(`${step.status}${'shortened' in step ? ', shortened' : ''}`);
        expect({ seed, read: StepRecord.safeParse(step).data }).toEqual({ seed, read: step });
      }
    }
    expect([...statuses].toSorted()).toEqual([
      'failed',
      'failed, shortened',
      'running',
      'skipped',
      'succeeded',
      'succeeded, shortened',
    ]);
  });

  test('counts no time where the clocks of two machines tell that it ended before it began', () => {
    const before = new Date(START.getTime() - 5);
    expect(transitions.failedUntried(PLACE, FAILURE, START)).toMatchObject({ durationMs: 0 });
    expect(transitions.failed(transitions.begun(PLACE, START), FAILURE, before)).toMatchObject({
      completedAt: before,
      durationMs: 0,
    });
  });

  test('that breaks off says of the attempt under way that it was interrupted', () => {
    const attempt: RunningAttempt = { number: 1, status: 'running', startedAt: START };
    const later = new Date(START.getTime() + 40);
    const broken = transitions.failed(transitions.attempted(transitions.begun(PLACE, START), attempt), FAILURE, later);
    expect(broken).toMatchObject({ status: 'failed', attempts: [{ status: 'interrupted', durationMs: 40 }] });
  });
});
