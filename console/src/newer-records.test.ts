import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestThread } from './testing/thread-of.ts';
import { openTestConsole, type TestConsole } from './testing/test-console.ts';
import { seedPlaybook } from './testing/seed-playbook.ts';
import { storeExecution } from './testing/store-execution.ts';

const WRITTEN = 'was written by a newer version of the playbook runner (format 3; this one knows 2)';

describe('what a newer version wrote', () => {
  let console: TestConsole;
  const text = async (path: string): Promise<string> =>
    (await (await console.get(path)).text()).replaceAll(/<\/?(?:bdi|span)[^>]*>/g, '');

  beforeAll(async () => {
    console = await openTestConsole();
    const { documents } = console;
    await seedPlaybook(documents);
    await storeExecution(documents, { id: 'newer', status: 'running' });
    await storeExecution(documents, { id: 'older' });
    await openTestThread(documents, 'newer');
    await openTestThread(documents, 'older', {
      evidence: { executionId: 'older', playbookId: 'ops_test', stepPath: 's' },
    });
    await documents.commit([{ kind: 'set', path: 'playbook_metrics/integrations', data: { integrations: {} } }]);
    const newer = ['executions/newer', 'threads/newer', 'statistics/ops_test', 'metrics/integrations'];
    for (const path of newer.map((name) => `playbook_${name}`)) {
      await documents.commit([{ kind: 'update', path, changes: [{ field: ['format'], value: 3 }] }]);
    }
    await documents.commit([{ kind: 'set', path: 'ops_control/global', data: { format: 3, mode: 'slow' } }]);
  });
  afterAll(() => console.close());

  test.each(['/executions', '/inbox?state=all', '/health', '/'])(
    'is named as that on %s, beside everything else',
    async (path) => {
      const answer = await console.get(path);
      expect(answer.status).toBe(200);
      expect(await text(path)).toContain(WRITTEN);
    },
  );

  test.each(['/executions/newer', '/inbox/newer'])('has a page %s that says so', async (path) => {
    const answer = await console.get(path);
    expect(answer.status).toBe(503);
    const page = await text(path);
    expect(page).toContain('Written by a newer version');
    expect(page).toContain(WRITTEN);
  });

  test('leaves its part of the page of a playbook empty, and no other', async () => {
    expect((await console.get('/playbooks/ops_test')).status).toBe(200);
    expect((await console.get('/executions/older')).status).toBe(200);
  });

  test('is not changed from here', async () => {
    const before = await console.documents.get('playbook_threads/newer');
    await console.post('/inbox/newer/close', { reason: 'Done.' });
    await console.post('/control', { mode: 'run' });
    expect((await console.documents.get('playbook_threads/newer'))?.updateTime).toBe(before?.updateTime);
    expect((await console.documents.get('ops_control/global'))?.data).toMatchObject({ format: 3, mode: 'slow' });
  });
});
