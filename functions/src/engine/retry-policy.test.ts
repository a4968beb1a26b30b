import { describe, expect, test } from 'vitest';
import { PlaybookError } from '#core/failure.ts';
import type { ActionStepType, Effect } from '#language/playbook/step-type.ts';
import { aPlaybook, ended, openEngineWorld, scripted } from '#testing/builders/engine-world.ts';

type Steps = Parameters<typeof aPlaybook>[0];
type Retry = Steps[number]['retry'];

interface Policies {
  readonly written?: Retry;
  readonly ofType?: ActionStepType['defaultRetry'];
  readonly does?: Effect;
  readonly retryAfterMs?: number;
  readonly deadline?: string;
}

/** What the attempts of a step that always fails were told, and how long after the first each of them began. */
async function attemptsOf({ written, ofType, does = 'none', retryAfterMs, deadline = '7d' }: Policies) {
  const told: (readonly [number, boolean])[] = [];
  const flaky = scripted(
    'flaky',
    (_, { attempt, lastAttempt }) => {
      told.push([attempt, lastAttempt]);
      throw new PlaybookError('unavailable', 'Not there.', retryAfterMs === undefined ? {} : { retryAfterMs });
    },
    { does },
  );
  const world = openEngineWorld([ofType === undefined ? flaky : { ...flaky, defaultRetry: ofType }]);
  const step = { id: 'one', type: 'flaky', ...(written === undefined ? {} : { retry: written }) };
  await world.run(aPlaybook([step], { deadline }));
  const attempts = ended(await world.recorded()).steps['one']?.attempts ?? [];
  const [first] = attempts;
  const beganMs = attempts.map(({ startedAt }) => startedAt.getTime() - (first?.startedAt.getTime() ?? 0));
  return { told, beganMs };
}

const policy = { maxAttempts: 2, initialDelay: '8s', factor: 2, maxDelay: '30s' };

describe('a step is tried', () => {
  test.each<[string, Policies, number]>([
    ['three times by default', {}, 3],
    ['three times where its effect has a key', { does: 'keyed' }, 3],
    ['once where its effect could happen twice', { does: 'unkeyed' }, 1],
    ['as its type says', { ofType: { ...policy, maxAttempts: 4 } }, 4],
    ['as its type says, also where its effect could happen twice', { ofType: policy, does: 'unkeyed' }, 2],
    ['as the playbook says', { written: { ...policy, maxAttempts: 5 } }, 5],
    ['as the playbook says, whatever its type says', { written: { ...policy, maxAttempts: 5 }, ofType: policy }, 5],
    ['once where the playbook says so', { written: { ...policy, maxAttempts: 1 }, ofType: policy }, 1],
    ['as the playbook says, also where its effect could happen twice', { written: policy, does: 'unkeyed' }, 2],
  ])('%s, and only the last attempt is told that it is the last', async (_, policies, tries) => {
    const { told } = await attemptsOf(policies);

    expect(told).toEqual(Array.from({ length: tries }, (__, index) => [index + 1, index === tries - 1]));
  });
});

describe('between two attempts passes', () => {
  test.each<[string, number | undefined, number]>([
    ['the backoff, where the other side asks for nothing', undefined, 4_000],
    ['the backoff, where the other side asks for no time', 0, 4_000],
    ['the backoff, where the other side asks for less', 3_999, 4_000],
    ['either, where they are alike', 4_000, 4_000],
    ['what the other side asks for, where it is more', 4_001, 4_001],
    ['what the other side asks for, beyond the longest backoff', 120_000, 120_000],
  ])('%s', async (_, retryAfterMs, delayMs) => {
    const { beganMs } = await attemptsOf({ written: policy, ...(retryAfterMs !== undefined && { retryAfterMs }) });

    expect(beganMs).toEqual([0, delayMs]);
  });

  test('a half of a backoff that grows by its factor up to the longest', async () => {
    const { beganMs } = await attemptsOf({ written: { ...policy, maxAttempts: 6 } });

    expect(beganMs).toEqual([0, 4_000, 12_000, 27_000, 42_000, 57_000]);
  });

  test.each([
    [3_999, [0, 3_999]],
    [4_000, [0]],
    [4_001, [0]],
  ])('%i ms only where that ends before a deadline of 4 s', async (retryAfterMs, began) => {
    const { beganMs } = await attemptsOf({
      written: { ...policy, initialDelay: '1ms' },
      retryAfterMs,
      deadline: '4s',
    });

    expect(beganMs).toEqual(began);
  });
});
