import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { ADMIN, changeWorld, LEO } from '#testing/builders/change-world.ts';
import { auditRequest } from './audit-request.ts';
import { appendAudit, listAuditEntries } from './audit-log.ts';

const REQUEST = {
  playbookId: 'ops_test',
  playbookName: 'Test',
  requestId: 'request-1',
  inputs: ['days'],
  onlyTo: 'leo@bakedbot.ai',
};

let documents: Documents;

beforeEach(() => (documents = sqliteDocuments({ file: ':memory:' })));
afterEach(() => documents.close());

const entries = async () => (await listAuditEntries(documents, {}, { limit: 50 })).items;

describe('a request for an execution', () => {
  test('is recorded with its id and with who is notified', async () => {
    await auditRequest(changeWorld(documents), LEO, REQUEST);
    expect(await entries()).toMatchObject([
      {
        action: 'execution_requested',
        by: LEO.email,
        target: { kind: 'execution', id: 'ops_test_manual_request-1', name: 'Test' },
        details: { playbookId: 'ops_test', inputs: ['days'], onlyTo: 'leo@bakedbot.ai' },
      },
    ]);
  });

  test('is recorded once, however often it is repeated', async () => {
    const world = changeWorld(documents);
    await auditRequest(world, LEO, REQUEST);
    await auditRequest(world, LEO, REQUEST);
    await auditRequest(world, LEO, { ...REQUEST, requestId: 'request-2', onlyTo: undefined });
    expect(await entries()).toHaveLength(2);
  });

  test('is recorded for each person, and for each different request under one id', async () => {
    const world = changeWorld(documents);
    await auditRequest(world, LEO, REQUEST);
    await auditRequest(world, ADMIN, REQUEST);
    await auditRequest(world, ADMIN, { ...REQUEST, onlyTo: undefined });
    expect((await entries()).map(({ by }) => by)).toEqual([ADMIN.email, ADMIN.email, LEO.email]);
  });

  test('is recorded even where a thread with the same id has entries', async () => {
    const world = changeWorld(documents);
    const target = { kind: 'thread', id: 'ops_test_manual_request-1' } as const;
    await appendAudit(world, LEO, { action: 'thread_commented', target });
    await auditRequest(world, LEO, REQUEST);
    expect((await entries()).map(({ action }) => action)).toEqual(['execution_requested', 'thread_commented']);
  });
});
