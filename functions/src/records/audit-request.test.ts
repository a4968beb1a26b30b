import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '../adapters/sqlite/documents.ts';
import type { Documents } from '../ports/documents.ts';
import { ADMIN, changeWorld, LEO } from '../testing/change-world.ts';
import { auditRequest } from './audit-request.ts';
import { listAuditEntries } from './audit-log.ts';

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

describe('that somebody asked for an execution', () => {
  test('is put down with its id, and with who is told', async () => {
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

  test('is put down once, whoever repeats it', async () => {
    const world = changeWorld(documents);
    await auditRequest(world, LEO, REQUEST);
    await auditRequest(world, ADMIN, REQUEST);
    await auditRequest(world, LEO, { ...REQUEST, requestId: 'request-2', onlyTo: undefined });
    expect(await entries()).toHaveLength(2);
  });
});
