import { describe, expect, test } from 'vitest';
import { aPlaybook, ended, openEngineWorld, scripted } from '#testing/builders/engine-world.ts';
import { PlaybookError } from '#core/failure.ts';

const echo = scripted('echo', ({ with: value }) => value ?? null);
const fail = scripted('fail', () => {
  throw new PlaybookError('rejected', 'The other side said no.');
});

describe('an execution', () => {
  test('runs its steps in order and keeps their outputs', async () => {
    const world = openEngineWorld([echo]);

    await world.run(
      aPlaybook([
        { id: 'first', type: 'echo', with: { count: 2 } },
        { id: 'second', type: 'echo', with: '${{ steps.first.output.count + 1 }}' },
      ]),
    );

    const execution = ended(await world.recorded());
    expect(execution).toMatchObject({
      status: 'succeeded',
      success: true,
      error: null,
      stepsExecuted: 2,
      results: { first: { count: 2 }, second: 3 },
    });
    expect(Object.values(execution.steps).map(({ path, order }) => [path, order])).toEqual([
      ['first', 0],
      ['second', 1],
    ]);
  });

  test('keeps the resolved input of every attempt', async () => {
    const world = openEngineWorld([echo]);

    await world.run(aPlaybook([{ id: 'one', type: 'echo', with: { slot: '${{ trigger.slot }}' } }]));

    const { steps } = ended(await world.recorded());
    expect(steps['one']?.attempts[0]).toMatchObject({
      number: 1,
      input: { with: { slot: '2026-11-20T14:00:00.000Z' } },
    });
  });

  test('of a slot delivered twice runs once, and the second delivery gets the record', async () => {
    let runs = 0;
    const world = openEngineWorld([scripted('count', () => (runs += 1))]);
    const playbook = aPlaybook([{ id: 'one', type: 'count' }]);

    await world.run(playbook);
    const again = await world.run(playbook);

    expect(runs).toBe(1);
    expect(again).toEqual(await world.recorded());
  });

  test('of a slot delivered a hundred times at once runs once', async () => {
    let runs = 0;
    const world = openEngineWorld([scripted('count', () => (runs += 1))]);
    const playbook = aPlaybook([{ id: 'one', type: 'count' }]);

    const answers = await Promise.all(Array.from({ length: 100 }, () => world.run(playbook)));

    expect(runs).toBe(1);
    expect(new Set(answers.map((execution) => execution.id)).size).toBe(1);
  });

  test('that failed is not run again either', async () => {
    const world = openEngineWorld([fail]);
    const playbook = aPlaybook([{ id: 'one', type: 'fail' }]);

    await world.run(playbook);

    expect(await world.run(playbook)).toMatchObject({ status: 'failed', failedStep: 'one' });
  });

  test('stops at a step that fails', async () => {
    const world = openEngineWorld([echo, fail]);

    await world.run(
      aPlaybook([
        { id: 'bad', type: 'fail' },
        { id: 'after', type: 'echo' },
      ]),
    );

    const execution = ended(await world.recorded());
    expect(execution).toMatchObject({
      status: 'failed',
      success: false,
      error: 'bad: The other side said no.',
      failure: { code: 'rejected', class: 'rejected' },
    });
    expect(Object.keys(execution.steps)).toEqual(['bad']);
  });

  test('goes on after a step with onFailure: continue, and fails in the end', async () => {
    const world = openEngineWorld([echo, fail]);

    await world.run(
      aPlaybook([
        { id: 'bad', type: 'fail', onFailure: 'continue' },
        { id: 'after', type: 'echo', with: '${{ steps.bad.failure.code }}' },
      ]),
    );

    expect(ended(await world.recorded())).toMatchObject({
      status: 'failed',
      failedStep: 'bad',
      results: { after: 'rejected' },
      steps: { bad: { continued: true } },
    });
  });

  test('succeeds when the step that failed is not critical', async () => {
    const world = openEngineWorld([echo, fail]);

    await world.run(aPlaybook([{ id: 'bad', type: 'fail', onFailure: 'continue', critical: false }]));

    expect(await world.recorded()).toMatchObject({ status: 'succeeded', steps: { bad: { status: 'failed' } } });
  });

  test('jumps to the step that onFailure names', async () => {
    const world = openEngineWorld([echo, fail]);

    await world.run(
      aPlaybook([
        { id: 'bad', type: 'fail', onFailure: 'rescue', critical: false },
        { id: 'between', type: 'echo' },
        { id: 'rescue', type: 'echo' },
      ]),
    );

    expect(Object.keys(ended(await world.recorded()).steps).toSorted()).toEqual(['bad', 'rescue']);
  });

  test('does not begin when a step names what does not exist', async () => {
    let effects = 0;
    const effect = scripted('effect', () => (effects += 1), { does: 'keyed' });
    const unknown = {
      ...scripted('unknown', () => null),
      effect: () => {
        throw new PlaybookError('unknown_tool', 'There is no tool getWether.');
      },
    };
    const world = openEngineWorld([effect, unknown]);

    await world.run(
      aPlaybook([
        { id: 'one', type: 'effect' },
        { id: 'two', type: 'unknown' },
      ]),
    );

    expect(effects).toBe(0);
    expect(await world.recorded()).toMatchObject({
      status: 'failed',
      failure: { code: 'unknown_tool' },
      failedStep: 'two',
    });
  });
});

describe('a definition that was stored by something else', () => {
  test('ends the execution where its nested steps cannot be read', async () => {
    const world = openEngineWorld([echo]);

    await world.run(aPlaybook([{ id: 'choose', type: 'condition', if: 'true', then: [{ nonsense: true }] }]));

    expect(await world.recorded()).toMatchObject({ status: 'failed', failedStep: null, stepsExecuted: 0 });
  });
});

describe('a bug of the engine', () => {
  test('ends the execution instead of leaving it to the next runner', async () => {
    const world = openEngineWorld([fail]);

    await world.run(aPlaybook([{ id: 'one', type: 'fail', onFailure: 'nowhere' }]));

    expect(await world.recorded()).toMatchObject({
      status: 'failed',
      failedStep: null,
      failure: { code: 'invalid_playbook' },
    });
  });
});

describe('a step with an if', () => {
  test('is skipped where it is false, and has no output', async () => {
    const world = openEngineWorld([echo]);

    await world.run(
      aPlaybook([
        { id: 'never', type: 'echo', if: '1 > 2', with: 1 },
        { id: 'after', type: 'echo', with: '${{ steps.never.status }}' },
      ]),
    );

    expect(ended(await world.recorded())).toMatchObject({
      steps: { never: { status: 'skipped', attempts: [] } },
      results: { after: 'skipped' },
      stepsExecuted: 1,
    });
  });

  test('fails where it is neither true nor false', async () => {
    const world = openEngineWorld([echo]);

    await world.run(aPlaybook([{ id: 'odd', type: 'echo', if: '"yes"' }]));

    expect(await world.recorded()).toMatchObject({ status: 'failed', failure: { code: 'expression_failed' } });
  });
});

describe('a condition', () => {
  const branching = (expression: string) =>
    aPlaybook([
      {
        id: 'choose',
        type: 'condition',
        if: expression,
        then: [{ id: 'yes', type: 'echo', with: 'yes' }],
        else: [{ id: 'no', type: 'echo', with: 'no' }],
      },
    ]);

  test('runs then where it is true', async () => {
    const world = openEngineWorld([echo]);

    await world.run(branching('1 < 2'));

    expect(ended(await world.recorded()).results).toEqual({ choose: { branch: 'then' }, 'choose.yes': 'yes' });
  });

  test('runs else where it is false', async () => {
    const world = openEngineWorld([echo]);

    await world.run(branching('1 > 2'));

    expect(ended(await world.recorded()).results).toEqual({ choose: { branch: 'else' }, 'choose.no': 'no' });
  });

  test('fails with the step that fails inside', async () => {
    const world = openEngineWorld([fail]);

    await world.run(aPlaybook([{ id: 'choose', type: 'condition', if: 'true', then: [{ id: 'bad', type: 'fail' }] }]));

    expect(await world.recorded()).toMatchObject({
      status: 'failed',
      failedStep: 'choose.bad',
      steps: { choose: { status: 'failed' }, 'choose.bad': { status: 'failed' } },
    });
  });
});

describe('the deadline', () => {
  const slow = scripted('slow', async (_, { clock, signal }) => clock.sleep(7 * 60_000, signal));

  test('ends the execution, also when every step keeps its own timeout', async () => {
    const world = openEngineWorld([slow]);
    const patient = { type: 'slow', timeout: '9m', onFailure: 'continue' } as const;

    await world.run(
      aPlaybook([
        { id: 'one', ...patient },
        { id: 'two', ...patient },
        { id: 'three', ...patient },
      ]),
    );

    const execution = ended(await world.recorded());
    expect(execution).toMatchObject({ status: 'failed', failure: { code: 'deadline_exceeded' }, failedStep: 'two' });
    expect(Object.keys(execution.steps)).toEqual(['one', 'two']);
  });
});
