import { expect, test } from 'vitest';
import { aPlaybook, ended, openEngineWorld, scripted } from '#testing/builders/engine-world.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import { runExecution } from './run-execution.ts';
import type { ExecutionRequest } from './new-execution.ts';

const SECRET = 'a-secret-that-nobody-may-see';
const at = new Date('2026-11-20T14:00:00.000Z');
const request: ExecutionRequest = {
  id: 'ops_test_manual_one',
  playbook: Playbook.parse(
    aPlaybook([{ id: 'echo', type: 'echo', with: '${{ inputs.days }}' }], { inputs: { days: { type: 'number' } } }),
  ),
  version: 'v1',
  slot: null,
  trigger: { kind: 'manual' },
  window: { start: at, end: at },
};

test('an execution that another runner takes over goes on with the inputs, and for the person, that it began with', async () => {
  const told: unknown[] = [];
  const echo = scripted('echo', ({ with: value }, { onlyTo }) => (told.push(onlyTo), value));
  const { clock, engine } = openEngineWorld([echo]);
  const begun = Promise.withResolvers<void>();
  const killed = { ...engine.store, write: () => (begun.resolve(), new Promise<never>(() => undefined)) };
  void runExecution({ ...request, inputs: { days: 30 }, onlyTo: 'ann@example.com' }, { ...engine, store: killed });
  await begun.promise;
  clock.advance(61_000);

  const { execution } = await runExecution({ ...request, inputs: { days: 30 }, onlyTo: 'ann@example.com' }, engine);

  expect(ended(execution)).toMatchObject({ status: 'succeeded', results: { echo: 30 }, onlyTo: 'ann@example.com' });
  expect(new Set(told)).toEqual(new Set(['ann@example.com']));
});

test('a secret among the inputs is neither recorded nor handed on', async () => {
  const { engine } = openEngineWorld([scripted('echo', ({ with: value }) => value)], { secrets: [SECRET] });

  const { execution } = await runExecution({ ...request, inputs: { days: `x ${SECRET}` } }, engine);

  expect(execution.inputs).toEqual({ days: 'x [redacted]' });
  expect(JSON.stringify(execution)).not.toContain(SECRET);
});
