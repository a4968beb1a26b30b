import { expect, test } from 'vitest';
import { aPlaybook, ended, openEngineWorld, scripted } from '#testing/builders/engine-world.ts';
import { PlaybookError } from '#core/failure.ts';

test('what an agent leaves that calls tools all day fits into one record', async () => {
  const call = { tool: 't', input: 'i'.repeat(8_000), status: 'succeeded', output: 'o'.repeat(2_000) } as const;
  const busy = scripted('busy', (_, context) => {
    for (let calls = 0; calls < 400; calls += 1) context.recordToolCall({ ...call, durationMs: 1 });
    return null;
  });
  const world = openEngineWorld([busy]);

  await world.run(aPlaybook([{ id: 'one', type: 'busy' }]));

  const { steps } = ended(await world.recorded());
  expect(steps['one']?.attempts[0]?.toolCalls).toHaveLength(400);
  expect(JSON.stringify(steps).length).toBeLessThan(900_000);
});

test('what two hundred steps leave that all fail at length fits into one record', async () => {
  const wordy = scripted('wordy', () => {
    throw new PlaybookError('unavailable', 'm'.repeat(4_000), { details: { seen: 'd'.repeat(30_000) } });
  });
  const world = openEngineWorld([wordy]);
  const steps = Array.from({ length: 200 }, (_, index) => ({ id: `s${index}`, type: 'wordy', onFailure: 'continue' }));

  await world.run(aPlaybook(steps, { deadline: '7d' }));

  const execution = ended(await world.recorded());
  expect(execution).toMatchObject({ status: 'failed', failedStep: 's0', stepsExecuted: 200 });
  expect(JSON.stringify(execution).length).toBeLessThan(900_000);
});
