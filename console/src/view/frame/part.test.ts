import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { failureClassOf, FailureCode, PlaybookError } from '#core/failure.ts';
import { type Documents, DocumentsError } from '#ports/documents/documents.ts';
import { seedPlaybook } from '#console/testing/seed-playbook.ts';
import { storeExecution } from '#console/testing/store-execution.ts';
import { openTestConsole, type TestConsole } from '#console/testing/test-console.ts';
import { ifReadable, partOf } from './part.ts';

describe('a part of a page', () => {
  test.each(FailureCode.options.map((code) => [code, failureClassOf(code)] as const))(
    'that fails with %s (%s) is a problem of its own, unless the database as a whole fails',
    async (code) => {
      const loading = Promise.reject(new PlaybookError(code, 'It fails.'));

      const part = await partOf(loading).catch(() => 'the whole page');

      const isOfAll = code === 'unavailable' || code === 'unauthenticated';
      expect(part).toEqual(isOfAll ? 'the whole page' : { kind: 'problem', problem: 'It fails.' });
    },
  );

  test('that meets a bug of ours is no empty part', async () => {
    await expect(ifReadable(Promise.reject(new TypeError('a bug')))).rejects.toThrow(TypeError);
  });
});

describe('a database that refuses access to what stands beside the page', () => {
  let documents: Documents;
  let console: TestConsole;
  let refused: string;

  beforeEach(async () => {
    refused = 'nothing';
    const whole = sqliteDocuments({ file: ':memory:' });
    const denied = (name: string): boolean => name === refused || name.startsWith(`${refused}/`);
    const deny = (): Promise<never> => Promise.reject(new DocumentsError('denied', 'Missing permissions.'));
    documents = {
      ...whole,
      get: (path, limit) => (denied(path) ? deny() : whole.get(path, limit)),
      query: (query) => (denied(query.collection) ? deny() : whole.query(query)),
    };
    console = await openTestConsole({ documents });
    await seedPlaybook(documents);
    await storeExecution(documents, { id: 'one', startedAt: new Date(console.clock.now().getTime() - 1_000) });
  });
  afterEach(() => console.close());

  test.each([
    ['/', 'playbook_spend'],
    ['/health', 'playbook_settings'],
    ['/spend', 'playbook_settings'],
    ['/playbooks', 'playbook_statistics'],
    ['/playbooks/ops_test', 'playbook_statistics'],
    ['/playbooks/ops_test/definition', 'playbooks_internal/ops_test/versions'],
    ['/executions/one', 'playbooks_internal/ops_test/versions'],
    ['/executions/one', 'playbook_notifications'],
  ])('is an error page, also on %s without %s, and no empty panel', async (path, collection) => {
    expect((await console.get(path)).status).toBe(200);
    refused = collection;

    const response = await console.get(path);

    expect(response.status).toBe(503);
    expect(await response.text()).toContain('The database denies access');
  });
});
