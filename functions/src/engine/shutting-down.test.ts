import { describe, expect, test } from 'vitest';
import { aPlaybook, ended, openEngineWorld, scripted } from '#testing/builders/engine-world.ts';
import { settle } from '#testing/builders/settle.ts';
import { ShuttingDown } from './state/run-state.ts';

const echo = scripted('echo', ({ with: value }) => value);

describe('a runner that is to shut down', () => {
  const controller = () => {
    const begun = new AbortController();
    const over = new AbortController();
    return { begun, over, shutdown: { begun: begun.signal, over: over.signal } };
  };

  test.each(['none', 'keyed'] as const)(
    'leaves a step of effect %s at once, and the next delivery goes on without waiting',
    async (does) => {
      let runs = 0;
      const slow = scripted('slow', () => ((runs += 1) === 1 ? new Promise(() => undefined) : 'done'), { does });
      const world = openEngineWorld([echo, slow]);
      const { begun, shutdown } = controller();
      const playbook = aPlaybook([
        { id: 'before', type: 'echo', with: 1 },
        { id: 'slow', type: 'slow' },
      ]);
      const first = world.run(playbook, { engine: { ...world.engine, shutdown } });
      await settle();

      begun.abort(new ShuttingDown());
      await first;
      await world.run(playbook);

      const execution = ended(await world.recorded());
      expect(execution).toMatchObject({ status: 'succeeded', results: { before: 1, slow: 'done' } });
      expect(execution.steps['slow']?.attempts.map(({ status }) => status)).toEqual(['interrupted', 'succeeded']);
    },
  );

  test('waits for an effect that could happen twice, and begins nothing after it', async () => {
    const posted = Promise.withResolvers<string>();
    let posts = 0;
    const post = scripted('post', () => ((posts += 1), posted.promise), { does: 'unkeyed' });
    const world = openEngineWorld([echo, post]);
    const { begun, shutdown } = controller();
    const playbook = aPlaybook([
      { id: 'post', type: 'post' },
      { id: 'after', type: 'echo', with: 'after' },
    ]);
    const first = world.run(playbook, { engine: { ...world.engine, shutdown } });
    await settle();

    begun.abort(new ShuttingDown());
    await settle();
    posted.resolve('posted');
    await first;
    const left = await world.recorded();
    await world.run(playbook);

    expect(left).toMatchObject({
      status: 'running',
      lease: { durationMs: 0 },
      steps: { post: { status: 'succeeded' } },
    });
    expect(left.steps).not.toHaveProperty('after');
    expect(posts).toBe(1);
    expect(await world.recorded()).toMatchObject({ status: 'succeeded', results: { after: 'after' } });
  });

  test('does not count as one that vanished', async () => {
    const slow = scripted('slow', () => new Promise(() => undefined));
    const world = openEngineWorld([slow]);
    const playbook = aPlaybook([{ id: 'slow', type: 'slow' }]);
    for (let deploy = 0; deploy < 5; deploy += 1) {
      const { begun, shutdown } = controller();
      const run = world.run(playbook, { engine: { ...world.engine, shutdown } });
      await settle();
      begun.abort(new ShuttingDown());
      await run;
    }

    expect(await world.recorded()).toMatchObject({ status: 'running', lease: { takeovers: 4, interruptions: 0 } });
  });
});
