import type { Clock } from '#core/clock.ts';
import { limitOf, Suspended } from '#language/playbook/suspension.ts';
import type { ModelCall } from '#language/playbook/step-calls.ts';
import { PlaybookError } from '#core/failure.ts';
import type { Json } from '#core/json.ts';
import type { ActionStepType, Effect, StepContext } from '#language/playbook/step-type.ts';
import { scripted, type Script, telling } from '../builders/engine-world.ts';
import type { ExecutionWitness } from './execution-witness.ts';
import type { SimulatedProcess } from './simulated-time.ts';

/** The service that the steps of all runners call: it counts the calls, from any runner. */
export interface OtherSide {
  readonly random: () => number;
  readonly witness: ExecutionWitness;
  /** The number of calls by their subject. */
  readonly asked: Map<string, number>;
}

type Answer = (context: StepContext, input: Json) => Json | Suspended | Promise<Json>;

const isSuspending = (type: string): boolean => type === 'wait' || type === 'ask';
const soon = (clock: Clock): Date => new Date(clock.now().getTime() + WAIT_MS);

const WAIT_MS = 3_000;
/** More than fits in a record. */
const LARGE_CHARS = 33_000;
const FLAKY_FAILURES = 2;

/** The step types of `randomPlaybook`, as they run in one process. */
export function simulatedSteps(process: SimulatedProcess, side: OtherSide): readonly ActionStepType[] {
  const { random, witness } = side;

  function step(type: string, does: Effect, answer: Answer) {
    const script: Script = async (input, context) => {
      witness.began(process, context, does !== 'none');
      // Some steps end immediately, before other events.
      if (random() < 0.7) await new Promise<void>((resolve) => process.in(random() * 60, resolve));
      for (let turns = Math.floor(random() * 12); turns > 0; turns -= 1) await Promise.resolve();
      try {
        return await answer(context, input['with'] ?? null);
      } finally {
        if (does !== 'none') witness.endedEffect(process, context);
      }
    };
    if (type === 'notify') return telling(type, script);
    return { ...scripted(type, script, { does }), ...(isSuspending(type) && { resume: resumed }) };
  }

  /** A wait is over when its time has come, by the clock of the process that looks. */
  const resumed: NonNullable<ActionStepType['resume']> = (_, suspension) => async (context) => {
    witness.began(process, context, false);
    return limitOf(suspension) > process.clock.now() ? new Suspended(suspension) : 'waited';
  };

  return [
    step('wait', 'none', ({ clock }) => new Suspended({ until: soon(clock) })),
    // It asks somebody first, and waits for the answer then.
    step('ask', 'keyed', ({ clock }) => new Suspended({ thread: 'asked', limitAt: soon(clock) })),
    step('read', 'none', () => 'read'),
    step('echo', 'none', (_, input) => input),
    step('effect', 'keyed', () => 'done'),
    step('flaky', 'keyed', ({ stepPath }) => {
      if (asked(side, stepPath) <= FLAKY_FAILURES) throw new PlaybookError('unavailable', 'Not yet.');
      return 'at last';
    }),
    step('broken', 'unkeyed', () => {
      throw new PlaybookError('rejected', 'No.');
    }),
    step('busy', 'none', () => {
      throw new PlaybookError('rate_limited', 'Later.', { retryAfterMs: 200 });
    }),
    // A different output of the same length each time, like a report on the current state.
    step('large', 'none', () => String(asked(side, 'large')).padStart(LARGE_CHARS, 'x')),
    step('asks', 'none', async (context) => {
      await context.recordModelCall(modelCall(`request-${asked(side, 'model')}`));
      return 'written';
    }),
    step('hangs', 'none', async (context) => {
      if (asked(side, context.stepPath) > 1) return 'in time';
      await new Promise<void>((resolve) =>
        context.signal.addEventListener('abort', () => process.in(random() * 200, resolve)),
      );
      context.recordToolCall({ tool: 'late', input: null, status: 'failed', output: '', durationMs: 0 });
      return 'too late';
    }),
    step('notify', 'keyed', () => 'told'),
  ];
}

function asked({ asked: times }: OtherSide, what: string): number {
  const time = (times.get(what) ?? 0) + 1;
  times.set(what, time);
  return time;
}

function modelCall(requestId: string): ModelCall {
  return {
    model: 'simulated',
    startedAt: new Date(0),
    durationMs: 1,
    stopReason: 'end_turn',
    inputTokens: 1,
    outputTokens: 1,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    costUsd: 1,
    pricesAsOf: '2026-11-01',
    requestId,
  };
}
