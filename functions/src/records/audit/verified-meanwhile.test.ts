import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { changeWorld, LEO } from '#testing/builders/change-world.ts';
import { verifyChain } from './audit-chain.ts';
import { entryId } from './audit-entry.ts';
import { appendAudit, AUDIT_HEAD_PATH, AUDIT_LOG, loadHead } from './audit-log.ts';

let documents: Documents;
beforeEach(() => {
  documents = sqliteDocuments({ file: ':memory:' });
});
afterEach(() => documents.close());

async function write(count: number): Promise<void> {
  const target = { kind: 'playbook', id: 'ops_check' } as const;
  for (let n = 0; n < count; n += 1)
    await appendAudit(changeWorld(documents), LEO, { action: 'playbook_paused', target });
}

/** Verifies; once the head has been read, and before the entries are, `action` happens. */
function verifiedWhile(action: () => Promise<unknown>, range = {}) {
  let hasHappened = false;
  const watched: Documents = {
    ...documents,
    async query(query) {
      if (!hasHappened) await action();
      hasHappened = true;
      return documents.query(query);
    },
  };
  return verifyChain(watched, range);
}

const sound = (entries: number, complete = true) => ({ ok: true, entries, complete });

describe('a log that grows while it is verified', () => {
  test.each([
    [0, 1],
    [0, 3],
    [1, 1],
    [3, 2],
  ])('is sound: %i entries, and %i more', async (before, more) => {
    await write(before);

    expect(await verifiedWhile(() => write(more))).toEqual(sound(before + more));
  });

  test.each([
    ['up to its old end', { limit: 3 }, sound(3)],
    ['in the middle', { limit: 2 }, sound(2, false)],
    ['into the new entries', { limit: 4 }, sound(4)],
    ['from the middle', { from: 2 }, sound(4)],
    ['from its old end', { from: 3, limit: 1 }, sound(1)],
  ])('is sound in every part: %s', async (_, range, verdict) => {
    await write(3);

    expect(await verifiedWhile(() => write(2), range)).toEqual(verdict);
  });
});

describe('an entry that nobody recorded', () => {
  /** Writes an entry, and lets the head say that it was never written. */
  async function forge(): Promise<void> {
    const { sequence, sha256 } = await loadHead(documents);
    await write(1);
    await documents.commit([{ kind: 'set', path: AUDIT_HEAD_PATH, data: { sequence, sha256 } }]);
  }

  test('is found, written before or while the log is verified', async () => {
    await write(2);
    const found = { ok: false, brokenAt: entryId(3), why: expect.stringContaining('there are 2 entries') };

    expect(await verifiedWhile(forge)).toEqual(found);
    expect(await verifyChain(documents, {})).toEqual(found);
    expect(await verifyChain(documents, { from: 2, limit: 2 })).toEqual(found);
  });
});

test('an entry that is deleted while the log is verified is missed', async () => {
  await write(3);
  const deleted = () => documents.commit([{ kind: 'delete', path: `${AUDIT_LOG}/${entryId(3)}` }]);

  expect(await verifiedWhile(deleted)).toMatchObject({ ok: false, brokenAt: entryId(3) });
});
