import { describe, expect, test } from 'vitest';
import { aPlaybook, ended, openEngineWorld, scripted, telling } from '#testing/builders/engine-world.ts';
import { settle } from '#testing/builders/settle.ts';

const leave = scripted('leave', () => 1);
const criteria = [{ id: 'k', value: '1', ok: 'false', alert: 'true' }];
const alerts = { channels: ['any'] };

/** When people began to be told, after how long they were given up, and when the run was over; in ms of the clock. */
function watched() {
  const begun = Promise.withResolvers<void>();
  const hangs = scripted('hangs', () => (begun.resolve(), new Promise(() => undefined)));
  const seenMs: { told?: number; givenUp?: number; over?: number } = {};
  const notify = telling(
    'notify',
    (_, { clock, signal }) => {
      seenMs.told = clock.now().getTime() - beganMs;
      begun.resolve();
      signal.addEventListener('abort', () => (seenMs.givenUp = clock.now().getTime() - beganMs));
      return new Promise(() => undefined);
    },
    { defaultTimeoutMs: 3_600_000 },
  );
  const world = openEngineWorld([hangs, leave, notify]);
  const beganMs = world.clock.now().getTime();
  async function pass(ms: number, stepMs = 500): Promise<void> {
    for (let passed = 0; passed < ms; passed += stepMs) {
      await settle();
      world.clock.advance(stepMs);
    }
    await settle();
  }
  return { world, seenMs, begun: begun.promise, pass, now: () => world.clock.now().getTime() - beganMs };
}

describe('people are told for thirty seconds and no longer', () => {
  test.each([
    [
      'after the deadline',
      aPlaybook([{ id: 'one', type: 'hangs', timeout: '1h' }], { deadline: '10s', alerts }),
      10_000,
      13_000,
    ],
    [
      'long before the deadline',
      aPlaybook([{ id: 'one', type: 'leave' }], { deadline: '10m', alerts, criteria }),
      0,
      30_000,
    ],
    [
      'shortly before the deadline',
      aPlaybook([{ id: 'one', type: 'leave' }], { deadline: '10s', alerts, criteria }),
      0,
      13_000,
    ],
  ])('%s, and the record has ended by three seconds after it', async (_, playbook, toldMs, endedMs) => {
    const { world, seenMs, begun, pass, now } = watched();
    void world.run(playbook).then(() => (seenMs.over = now()));

    await begun;
    await pass(toldMs + 29_500);
    expect(seenMs).toEqual({ told: toldMs });
    await pass(1_000);

    expect(seenMs).toEqual({ told: toldMs, givenUp: toldMs + 30_000, over: toldMs + 30_000 });
    expect(ended(await world.recorded())).toMatchObject({
      status: 'failed',
      duration: endedMs,
      steps: { $alert: { status: 'failed', failure: { code: 'timeout' } } },
    });
  });
});
