import { describe, expect, test } from 'vitest';
import { PlaybookError } from '#core/failure.ts';
import { aPlaybook, ended, openEngineWorld, scripted } from '#testing/builders/engine-world.ts';
import type { Engine } from './state/run-state.ts';

const echo = scripted('echo', ({ with: value }) => value ?? null);
const fail = scripted('fail', () => {
  throw new PlaybookError('rejected', 'No.');
});
const see = (id: string) => ({
  id: `see_${id}`,
  type: 'echo',
  with: {
    status: `\${{ steps.${id}.status }}`,
    output: `\${{ steps.${id}.output }}`,
    failure: `\${{ steps.${id}.failure }}`,
  },
});

describe('what a later step sees of', () => {
  const branch = (then: object[], more: object = {}) => ({ id: 'one', type: 'condition', if: 'true', then, ...more });
  const no = { code: 'rejected', message: 'No.' };
  const inside = { id: 'inside', type: 'fail' };

  test.each<[string, object, object]>([
    ['a step that succeeded', { id: 'one', type: 'echo', with: 7 }, { status: 'succeeded', output: 7, failure: null }],
    [
      'a step that was skipped',
      { id: 'one', type: 'echo', if: 'false' },
      { status: 'skipped', output: null, failure: null },
    ],
    [
      'a step that failed',
      { id: 'one', type: 'fail', onFailure: 'continue' },
      { status: 'failed', output: null, failure: no },
    ],
    [
      'a step whose if cannot be told',
      { id: 'one', type: 'echo', if: '1', onFailure: 'continue' },
      { status: 'failed', output: null, failure: { code: 'expression_failed', message: expect.any(String) } },
    ],
    [
      'a condition that chose a block',
      branch([{ id: 'inside', type: 'echo' }]),
      { status: 'succeeded', output: { branch: 'then' }, failure: null },
    ],
    [
      'a condition whose block failed',
      branch([inside], { onFailure: 'continue' }),
      { status: 'failed', output: null, failure: no },
    ],
    [
      'a condition in whose block a failure was gone on after',
      branch([{ ...inside, onFailure: 'continue' }]),
      { status: 'succeeded', output: { branch: 'then' }, failure: null },
    ],
    [
      'a condition that cannot decide',
      branch([inside], { if: '1', onFailure: 'continue' }),
      { status: 'failed', output: null, failure: { code: 'expression_failed', message: expect.any(String) } },
    ],
  ])('%s', async (_, step, seen) => {
    const world = openEngineWorld([echo, fail]);

    await world.run(aPlaybook([{ id: 'one', type: 'echo', ...step }, see('one')]));

    expect(ended(await world.recorded()).results['see_one']).toEqual(seen);
  });
});

/** The step types of an engine, which may be asked for only so often: a loop without end would otherwise hold up every test. */
function boundedTypes({ stepTypes }: Engine): Engine['stepTypes'] {
  let calls = 0;
  const get: typeof stepTypes.get = (type) => {
    if ((calls += 1) > 1_000) throw new Error('These steps have no end.');
    return stepTypes.get(type);
  };
  return Object.assign(new Map(stepTypes), { get });
}

describe('onFailure', () => {
  const between = { id: 'between', type: 'echo' };
  const bad = { id: 'bad', type: 'fail' };
  const rescue = { id: 'rescue', type: 'echo' };
  const pathsOf = (steps: object) => Object.keys(steps).toSorted();

  test.each<[string, string | undefined, readonly string[], string | null]>([
    ['that is not written', undefined, ['bad', 'before'], 'bad'],
    ['abort', 'abort', ['bad', 'before'], 'bad'],
    ['continue', 'continue', ['bad', 'before', 'between', 'rescue'], 'bad'],
    ['the next step', 'between', ['bad', 'before', 'between', 'rescue'], 'bad'],
    ['a later step', 'rescue', ['bad', 'before', 'rescue'], 'bad'],
    ['the step itself', 'bad', ['bad', 'before'], null],
    ['an earlier step', 'before', ['bad', 'before'], null],
    ['no step at all', 'nowhere', ['bad', 'before'], null],
  ])('%s decides which steps run, and the execution ends', async (_, onFailure, ran, failedStep) => {
    const world = openEngineWorld([echo, fail]);
    const failing = onFailure === undefined ? bad : { ...bad, onFailure };

    const engine = { ...world.engine, stepTypes: boundedTypes(world.engine) };

    await world.run(aPlaybook([{ id: 'before', type: 'echo' }, failing, between, rescue]), { engine });

    const execution = ended(await world.recorded());
    expect(execution).toMatchObject({
      status: 'failed',
      failedStep,
      failure: { code: failedStep === null ? 'invalid_playbook' : 'rejected' },
    });
    expect(pathsOf(execution.steps)).toEqual(ran);
  });
});

describe('after the deadline', () => {
  const slow = scripted('slow', async (_, { clock, signal }) => clock.sleep(20 * 60_000, signal));
  const after = { id: 'after', type: 'echo' };

  test.each(['abort', 'continue', 'after'])(
    'nothing is gone on after, also where onFailure says %s: the step that was under way is the one that failed',
    async (onFailure) => {
      const world = openEngineWorld([echo, slow]);

      await world.run(aPlaybook([{ id: 'one', type: 'slow', timeout: '1h', onFailure }, after]));

      const execution = ended(await world.recorded());
      expect(execution).toMatchObject({
        status: 'failed',
        failedStep: 'one',
        error: 'one: Test took longer than its deadline of 10m.',
        failure: { code: 'deadline_exceeded' },
      });
      expect(Object.keys(execution.steps)).toEqual(['one']);
      expect(execution.steps['one']).toMatchObject({ status: 'failed', continued: false });
    },
  );

  test('nothing is gone on after in a block or around it', async () => {
    const world = openEngineWorld([echo, slow]);
    const inside = { id: 'inside', type: 'slow', timeout: '1h', onFailure: 'continue' };

    await world.run(
      aPlaybook([
        {
          id: 'one',
          type: 'condition',
          if: 'true',
          onFailure: 'continue',
          then: [inside, { id: 'next', type: 'echo' }],
        },
        after,
      ]),
    );

    const execution = ended(await world.recorded());
    expect(execution).toMatchObject({ failedStep: 'one.inside', failure: { code: 'deadline_exceeded' } });
    expect(Object.values(execution.steps)).toMatchObject([
      { path: 'one', status: 'failed', continued: false },
      { path: 'one.inside', status: 'failed', continued: false },
    ]);
  });
});
