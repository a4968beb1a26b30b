import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliver } from '#testing/runner/deliver.ts';
import { END_SECRET, failureOf, openEndingWorld, type EndingWorld } from '#testing/runner/ending-world.ts';
import { startLocalServer } from '#testing/servers/local-server.ts';
import { sqliteFile } from '#testing/runner/runner-databases.ts';

let world: EndingWorld;

beforeAll(async () => {
  world = await openEndingWorld(sqliteFile);
}, 60_000);

afterAll(() => world.close());

test('an execution of two hundred steps that all fail twenty times ends, and people are told', async () => {
  // Both databases refuse at the same size, and 4,000 calls take their time: one of them will do.
  const broken = await startLocalServer(() => ({ kind: 'reply', status: 500, body: 'no' }));
  await world.runner.kill();
  world.runner = await world.start({ HTTP_ALLOW_PRIVATE: `${broken.host}:${broken.port}` });
  const steps = Array.from({ length: 200 }, (_, index) => ({
    id: `step_${'l'.repeat(50)}_${index}`,
    type: 'tool_call',
    tool: 'httpRequest',
    with: { url: `${broken.url}/` },
    onFailure: 'continue',
    retry: { maxAttempts: 20, initialDelay: '1ms', maxDelay: '1ms' },
  }));
  const id = 'ops_end_attempts';
  await world.seed({ id, name: id, alerts: { channels: ['dashboard'] }, steps });

  const answer = await deliver({
    url: world.runner.url,
    secret: END_SECRET,
    playbookId: id,
    slot: world.slot,
    timeoutMs: 100_000,
  });

  expect([answer.httpStatus, failureOf(await world.recorded(id))]).toMatchObject([500, { code: 'unavailable' }]);
  expect(await world.alertsOf(id)).toBe(1);
  await broken.close();
}, 120_000);
