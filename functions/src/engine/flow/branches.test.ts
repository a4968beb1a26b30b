import { describe, expect, test } from 'vitest';
import { PlaybookError } from '#core/failure.ts';
import type { Execution } from '#engine/record/execution.ts';
import { aPlaybook, ended, EXECUTION_ID, openEngineWorld, scripted } from '#testing/builders/engine-world.ts';
import { forEach, parallel, wait } from '#testing/builders/waiting-steps.ts';

const HOUR_MS = 3_600_000;
const ITEMS = `playbook_executions/${EXECUTION_ID}/playbook_items`;

/** Steps that say what they see, in a world that lists the calls of its effects. */
function branchingWorld() {
  const calls: string[] = [];
  const world = openEngineWorld([
    wait,
    parallel,
    forEach,
    scripted('say', ({ with: said }) => said),
    scripted('effect', (_, { idempotencyKey }) => (calls.push(idempotencyKey), 'done'), { does: 'keyed' }),
    scripted('bad', () => {
      throw new PlaybookError('rejected', 'No.');
    }),
  ]);
  return { ...world, calls };
}

const statuses = ({ steps }: Execution) =>
  Object.fromEntries(Object.entries(steps).map(([path, { status }]) => [path, status]));

describe('branches', () => {
  const say = (id: string, said: string) => ({ id, type: 'say', with: said });

  test('all run, and later steps see what they left', async () => {
    const { run } = branchingWorld();

    const execution = ended(await run(aPlaybook([
      { id: 'all', type: 'parallel', a: [say('one', '1')], b: [say('two', '2')] },
      say('sum', '${{ steps.one.output + steps.two.output }}'),
    ]))); // prettier-ignore

    expect(execution).toMatchObject({ status: 'succeeded', stepsExecuted: 4, results: { sum: '12' } });
    expect(execution.steps['all']).toMatchObject({ spread: { kind: 'branches', blocks: ['a', 'b'], limit: 3 } });
    expect(new Set(Object.values(execution.steps).map(({ order }) => order))).toEqual(new Set([0, 1, 2, 3]));
  });

  test('run to their end although one fails, and then the execution fails with the first that did', async () => {
    const { run, calls } = branchingWorld();

    const execution = await run(aPlaybook([
      {
        id: 'all',
        type: 'parallel',
        a: [say('one', '1'), { id: 'first', type: 'effect' }],
        b: [{ id: 'broken', type: 'bad' }],
        c: [{ id: 'worse', type: 'bad' }, { id: 'never', type: 'effect' }],
      },
      { id: 'after', type: 'effect' },
    ])); // prettier-ignore

    expect(execution).toMatchObject({ status: 'failed', failedStep: 'all.broken' });
    expect(calls).toEqual([`${EXECUTION_ID}/all.first`]);
    expect(statuses(execution)).toMatchObject({ 'all.first': 'succeeded', 'all.worse': 'failed', all: 'failed' });
  });

  test('wait together as soon as none can go on, and until the first that is due', async () => {
    const { run, resume, recorded, clock, calls } = branchingWorld();
    const parked = await run(aPlaybook([
      {
        id: 'all',
        type: 'parallel',
        a: [{ id: 'long', type: 'wait', with: 3 * HOUR_MS }, { id: 'after_long', type: 'effect' }],
        b: [{ id: 'short', type: 'wait', with: HOUR_MS }, { id: 'after_short', type: 'effect' }],
        c: [{ id: 'now', type: 'effect' }],
      },
    ])); // prettier-ignore
    expect(parked).toMatchObject({ status: 'waiting', wakeAt: new Date('2026-11-20T15:00:00.000Z') });
    expect(Object.keys('waitsFor' in parked ? parked.waitsFor : {})).toEqual(['all.long', 'all.short']);
    expect(calls).toEqual([`${EXECUTION_ID}/all.now`]);

    clock.advance(HOUR_MS);
    await resume();
    expect(await recorded()).toMatchObject({ status: 'waiting', wakeAt: new Date('2026-11-20T17:00:00.000Z') });
    clock.advance(2 * HOUR_MS);
    await resume();

    expect(await recorded()).toMatchObject({ status: 'succeeded' });
    expect(calls).toEqual(['now', 'after_short', 'after_long'].map((id) => `${EXECUTION_ID}/all.${id}`));
  });

  test('that wait end with the execution at its deadline', async () => {
    const { run, recorded, engine } = branchingWorld();
    const sleep = scripted('sleep', async (_, { clock, signal }) => clock.sleep(HOUR_MS, signal), {
      defaultTimeoutMs: 2 * HOUR_MS,
    });
    await run(
      aPlaybook([
        {
          id: 'all',
          type: 'parallel',
          a: [{ id: 'pause', type: 'wait', with: 5 * HOUR_MS }],
          b: [{ id: 'slow', type: 'sleep' }],
        },
      ]),
      { engine: { ...engine, stepTypes: new Map([...engine.stepTypes, ['sleep', sleep]]) } },
    );

    expect(await recorded()).toMatchObject({ status: 'failed', failure: { code: 'deadline_exceeded' } });
    expect(statuses(await recorded())).toMatchObject({ 'all.pause': 'failed', 'all.slow': 'failed' });
  });
});

describe('iterations', () => {
  const each = (steps: readonly object[], items = '[10, 20, 30]') => ({
    id: 'each',
    type: 'for_each',
    items,
    do: steps,
  });

  test('see their item and number, and their own steps alone', async () => {
    const { run, documents } = branchingWorld();

    const execution = ended(await run(aPlaybook([
      each([
        { id: 'twice', type: 'say', with: '${{ item * 2 }}' },
        { id: 'told', type: 'say', with: '${{ string(index) + ":" + string(steps.twice.output) }}' },
      ]),
      { id: 'outside', type: 'say', with: '${{ steps.told.status }}' },
    ]))); // prettier-ignore

    expect(execution).toMatchObject({ status: 'succeeded', results: { outside: 'pending' } });
    const told = await documents.query({ collection: ITEMS });
    expect(told.map(({ id, data }) => [id, outputOf(data, `${id}.told`)])).toEqual([
      ['each[0]', '0:20'],
      ['each[1]', '1:40'],
      ['each[2]', '2:60'],
    ]);
  });

  test('have documents of their own below the execution, which does not grow with them', async () => {
    const { run, documents } = branchingWorld();

    const execution = await run(aPlaybook([each([{ id: 'send', type: 'effect' }], '[1, 2, 3, 4, 5, 6, 7, 8]')]));

    expect(Object.keys(execution.steps)).toEqual(['each']);
    const found = await documents.query({ collection: ITEMS });
    expect(found).toHaveLength(8);
    expect(found[0]?.data).toMatchObject({ format: 2, expireAt: execution.expireAt });
  });

  test('of which one waits are all remembered, and only what is left runs', async () => {
    const { run, resume, recorded, clock, calls } = branchingWorld();
    await run(aPlaybook([
      each([
        { id: 'send', type: 'effect' },
        { id: 'pause', type: 'wait', if: 'item == 20', with: HOUR_MS },
        { id: 'confirm', type: 'effect' },
      ]),
    ])); // prettier-ignore
    expect(await recorded()).toMatchObject({ status: 'waiting', waitsFor: { 'each[1].pause': {} } });
    expect(calls).toHaveLength(5);
    clock.advance(HOUR_MS);

    await resume();

    expect(await recorded()).toMatchObject({ status: 'succeeded' });
    expect(new Set(calls).size).toBe(6);
    expect(calls.at(-1)).toBe(`${EXECUTION_ID}/each[1].confirm`);
  });

  test('keep items outside of the record that are too many for it', async () => {
    const { run, recorded } = branchingWorld();
    const items = `"${'x'.repeat(1_500)}".split("").map(x, "0123456789012345678901234567890")`;

    const execution = await run(aPlaybook([{ ...each([{ id: 'say', type: 'say', with: 1 }], items), limit: '50' }]));

    expect(execution).toMatchObject({ status: 'succeeded' });
    expect((await recorded()).steps['each']).toMatchObject({
      spread: { count: 1_500, items: { outputRef: { bytes: expect.any(Number) } } },
    });
  });
});

function outputOf(data: object, path: string): unknown {
  const steps: unknown = Object.entries(data).find(([name]) => name === 'steps')?.[1];
  const step: unknown = Object(steps)[path];
  return Object(Object(step).attempts)[0]?.output;
}
