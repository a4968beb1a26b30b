import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Documents } from '#ports/documents/documents.ts';
import { changeWorld, LEO, POPS } from '#testing/builders/change-world.ts';
import type { RunnerDatabase } from '#testing/runner/runner-databases.ts';
import { verifyChain } from './audit-chain.ts';
import { appendAudit, commitAudited, listAuditEntries } from './audit-log.ts';

const target = { kind: 'playbook', id: 'ops_check' } as const;

/** The tests of the audit log on any database. They run in sequence on one database. */
export function describeAuditLog(openDatabase: () => RunnerDatabase): void {
  let database: RunnerDatabase;
  let documents: Documents;

  beforeAll(() => {
    database = openDatabase();
    documents = database.documents;
  });

  afterAll(() => database.close());

  describe('the audit log', () => {
    test('is intact before anything was recorded', async () => {
      expect(await verifyChain(documents, {})).toEqual({ ok: true, entries: 0, complete: true });
    });

    test('stays intact when two consoles repeatedly write to it at the same moment', async () => {
      const [one, other] = [changeWorld(documents), changeWorld(documents)];
      for (let round = 0; round < 10; round += 1) {
        await Promise.all([
          appendAudit(one, LEO, { action: 'signed_in', target: { kind: 'person', id: LEO.email } }),
          appendAudit(other, POPS, {
            action: 'execution_requested',
            target,
            details: { rows: [[1, 2], [0.1]], '': -0 },
          }),
        ]);
      }

      expect(await verifyChain(documents, {})).toEqual({ ok: true, entries: 20, complete: true });
      expect((await listAuditEntries(documents, { by: LEO.email }, { limit: 50 })).items).toHaveLength(10);
    });

    test('is listed page by page, newest first, each entry once', async () => {
      const sequences: number[] = [];
      let after: string | undefined;
      do {
        const page = await listAuditEntries(documents, {}, { limit: 7, after });
        sequences.push(...page.items.map(({ sequence }) => sequence));
        after = page.next;
      } while (after !== undefined);

      expect(sequences.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    });

    test('is filtered by action and target', async () => {
      const { items } = await listAuditEntries(
        documents,
        { action: 'execution_requested', targetId: 'ops_check' },
        { limit: 50 },
      );

      expect(items).toHaveLength(10);
      expect(items[0]).toMatchObject({ by: POPS.email, role: 'approver', details: { rows: [[1, 2], [0.1]] } });
    });

    test('has no entry for a change that did not happen', async () => {
      const world = changeWorld(documents);
      const before = await listAuditEntries(documents, {}, { limit: 100 });
      const tooLarge = 'x'.repeat(1_048_577);
      const change = commitAudited(world, LEO, async () => ({
        kind: 'change',
        writes: [{ kind: 'create', path: 'playbook_threads/large', data: { body: tooLarge } }],
        action: { action: 'thread_closed', target },
        result: undefined,
      }));

      await expect(change).rejects.toMatchObject({ code: 'input_invalid' });
      expect((await listAuditEntries(documents, {}, { limit: 100 })).items).toHaveLength(before.items.length);
    });
  });
}
