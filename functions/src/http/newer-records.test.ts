import { describe, expect, test } from 'vitest';
import { endExecution } from '#records/executions/end-execution.ts';
import { EXECUTIONS, executionStore } from '#records/executions/executions.ts';
import { loadPlaybook } from '#records/playbooks/playbooks.ts';
import { applySeed } from '#records/playbooks/seed-playbooks.ts';
import { changeControl, CONTROL_PATH, loadControl } from '#records/settings/control.ts';
import { decide } from '#records/threads/thread-decisions.ts';
import { THREADS } from '#records/threads/threads.ts';
import { rememberProbes } from '#tools/integrations/integration-history.ts';
import { INTEGRATION_HEALTH_PATH } from '#records/health/integration-health.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { aRunningExecution } from '#testing/builders/an-execution.ts';
import { changeWorld, LEO, openCampaign } from '#testing/builders/change-world.ts';
import { EXECUTION_ID } from '#testing/builders/engine-world.ts';
import { aCall, openRunner } from '#testing/runner/open-runner.ts';

const SLOT = new Date('2026-11-20T14:00:00.000Z');
const NEWER = {
  code: 'record_from_newer_version',
  message: expect.stringContaining('a newer version of the playbook runner'),
};

async function becomeNewer(documents: Documents, path: string): Promise<void> {
  await documents.commit([{ kind: 'update', path, changes: [{ field: ['format'], value: 3 }] }]);
}

const contentOf = async (documents: Documents, path: string) => {
  const { updateTime, data } = (await documents.get(path)) ?? {};
  return { updateTime, data };
};

/** An execution of the slot of `aCall`, whose runner is gone. */
async function openOrphan(options: Parameters<typeof openRunner>[0] = {}) {
  const runner = openRunner(options);
  const { documents, clock } = runner;
  await executionStore(documents).create(aRunningExecution(SLOT, { id: EXECUTION_ID, version: 'v1' }));
  clock.advance(120_000);
  return { ...runner, path: `${EXECUTIONS}/${EXECUTION_ID}` };
}

describe('an execution that a newer version wrote', () => {
  test.each([
    ['runs', {}],
    ['is paused', { record: { pause: { reason: 'Tea', until: null, by: 'leo' } } }],
    ['is gone', { load: async () => undefined }],
  ])('is not taken over and not changed where its playbook %s: the call is wanted again', async (_, options) => {
    const { documents, answer, path, logged } = await openOrphan(options);
    await becomeNewer(documents, path);
    const before = await contentOf(documents, path);

    const reply = await answer(aCall());

    expect(reply).toMatchObject({
      status: 503,
      headers: { 'retry-after': '30' },
      body: { success: false, status: 'unavailable', error: expect.stringContaining('format 3; this one knows 2') },
    });
    expect(await contentOf(documents, path)).toEqual(before);
    expect(logged.at(-1)).toContain('ERROR A record was written by a newer version');
  });

  test('is taken over where it has the format of this version', async () => {
    const { answer } = await openOrphan();
    expect(await answer(aCall())).toMatchObject({ status: 200, body: { status: 'succeeded' } });
  });

  test('is not ended by a person', async () => {
    const { documents, path, clock } = await openOrphan();
    await becomeNewer(documents, path);
    const before = await contentOf(documents, path);

    const asked = { executionId: EXECUTION_ID, reason: 'It hangs.' };
    await expect(endExecution({ ...changeWorld(documents), clock }, LEO, asked)).rejects.toMatchObject(NEWER);
    expect(await contentOf(documents, path)).toEqual(before);
  });

  test('stops the runner that held it, which writes nothing any more', async () => {
    const runner = openRunner({
      does: async () => {
        await becomeNewer(runner.documents, `${EXECUTIONS}/${EXECUTION_ID}`);
        return 1;
      },
    });
    const reply = await runner.answer(aCall());

    expect(reply).toMatchObject({ status: 503, body: { error: expect.stringContaining('a newer version') } });
    const { data } = await contentOf(runner.documents, `${EXECUTIONS}/${EXECUTION_ID}`);
    expect(data).toMatchObject({ format: 3, status: 'running', stepsExecuted: 0 });
  });
});

describe('an execution of this version', () => {
  test('is left to the newer version that wrote its definition', async () => {
    const { documents, engine, answer, path } = await openOrphan();
    const missing = aRunningExecution(SLOT, { id: EXECUTION_ID, version: 'v0' });
    await documents.commit([{ kind: 'delete', path }]);
    await executionStore(documents).create(missing);
    const versions = { path: 'playbooks_internal/ops_test/versions/v0', updateTime: '', id: 'v0' };
    engine.loadDefinition = async () => {
      const { refuseLaterFormat } = await import('#records/store/record-format.ts');
      refuseLaterFormat({ ...versions, data: { format: 3 } });
      return undefined;
    };
    await documents.commit([{ kind: 'update', path, changes: [{ field: ['lease', 'durationMs'], value: 0 }] }]);

    expect(await answer(aCall())).toMatchObject({ status: 503 });
    expect((await contentOf(documents, path)).data).toMatchObject({ status: 'running', lease: { durationMs: 0 } });
  });
});

describe('what a newer version wrote beside it', () => {
  test('is no thread that this one decides', async () => {
    const { documents } = openRunner();
    const world = changeWorld(documents);
    await openCampaign(world, 'e_ask');
    await becomeNewer(documents, `${THREADS}/e_ask`);
    const asked = { threadId: 'e_ask', verdict: 'approved', payloadSha256: 'x', comment: '' } as const;
    await expect(decide(world, LEO, asked)).rejects.toMatchObject(NEWER);
  });

  test('is no playbook that this one runs or seeds', async () => {
    const { documents } = openRunner();
    const playbook = Playbook.parse({ id: 'ops_test', name: 'Test', steps: [{ id: 'one', type: 'ok' }] });
    await applySeed(documents, [{ playbook, version: 'v1', source: '' }], SLOT);
    await becomeNewer(documents, 'playbooks_internal/ops_test');
    await expect(loadPlaybook(documents, 'ops_test')).rejects.toMatchObject(NEWER);
    await expect(applySeed(documents, [{ playbook, version: 'v2', source: '' }], SLOT)).rejects.toMatchObject(NEWER);
  });

  test('is no order over all playbooks that this one takes for another, or replaces', async () => {
    const { documents } = openRunner();
    const world = changeWorld(documents);
    await changeControl(world, LEO, { mode: 'halt', until: null, reason: 'Fire.' });
    await becomeNewer(documents, CONTROL_PATH);
    await expect(loadControl(documents)).rejects.toMatchObject(NEWER);
    await expect(changeControl(world, LEO, { mode: 'run', until: null, reason: '' })).rejects.toMatchObject(NEWER);
  });

  test('is no history of integrations that this one forgets', async () => {
    const { documents } = openRunner();
    await documents.commit([{ kind: 'set', path: INTEGRATION_HEALTH_PATH, data: { format: 3, integrations: {} } }]);
    await expect(rememberProbes(documents, [], SLOT)).rejects.toMatchObject(NEWER);
  });
});
