import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { DocumentsError, type Documents } from '#ports/documents/documents.ts';
import { changeWorld, LEO } from '#testing/builders/change-world.ts';
import { sqliteFile } from '#testing/runner/runner-databases.ts';
import { verifyChain } from './audit-chain.ts';
import { AuditEntry, entryId, entrySha256 } from './audit-entry.ts';
import { AUDIT_HEAD_PATH, appendAudit, commitAudited, listAuditEntries } from './audit-log.ts';
import { describeAuditLog } from './audit-log.contract.ts';

describeAuditLog(sqliteFile);

const action = { action: 'playbook_paused', target: { kind: 'playbook', id: 'ops_check' } } as const;

let documents: Documents;

beforeEach(() => {
  documents = sqliteDocuments({ file: ':memory:' });
});

afterEach(async () => {
  await documents.close();
});

async function writeEntries(count: number): Promise<void> {
  const world = changeWorld(documents);
  for (let index = 0; index < count; index += 1)
    await appendAudit(world, LEO, { ...action, reason: `Reason ${index}` });
}

async function tamper(sequence: number, field: string, value: string | number): Promise<void> {
  const changes = [{ field: [field], value }];
  await documents.commit([{ kind: 'update', path: `audit_log/${entryId(sequence)}`, changes }]);
}

describe('an entry', () => {
  test('records who did what to what, when and why, and follows the previous entry', async () => {
    await writeEntries(2);
    const { items } = await listAuditEntries(documents, {}, { limit: 10 });

    expect(items[0]).toMatchObject({
      ...action,
      at: new Date('2026-11-20T14:00:00.000Z'),
      by: LEO.email,
      role: 'approver',
      reason: 'Reason 1',
      sequence: 2,
      previousSha256: items[1]?.sha256,
    });
    expect(items[1]?.previousSha256).toBeNull();
  });

  test('contains texts of at most 2,000 characters, also in its details, and no half letters', async () => {
    const long = '😀'.repeat(3_000);
    await appendAudit(changeWorld(documents), LEO, { ...action, reason: long, details: { before: [long] } });
    const [entry] = (await listAuditEntries(documents, {}, { limit: 1 })).items;

    expect(entry?.reason?.length).toBeLessThanOrEqual(2_000);
    expect(entry?.reason?.isWellFormed()).toBe(true);
    expect(JSON.stringify(entry?.details).length).toBeLessThan(2_100);
    expect(await verifyChain(documents, {})).toMatchObject({ ok: true });
  });

  test('contains large details in shortened form', async () => {
    const details = Array.from({ length: 10_000 }, (_, index) => index);
    await appendAudit(changeWorld(documents), LEO, { ...action, details });

    expect((await listAuditEntries(documents, {}, { limit: 1 })).items[0]?.details).toEqual({
      cut: expect.stringMatching(/^\[0,1,2,.*…$/),
    });
  });
});

describe('a chain of entries', () => {
  test('is intact as written, in full and in parts', async () => {
    await writeEntries(5);

    expect(await verifyChain(documents, {})).toEqual({ ok: true, entries: 5, complete: true });
    expect(await verifyChain(documents, { from: 3, limit: 2 })).toEqual({ ok: true, entries: 2, complete: false });
    expect(await verifyChain(documents, { from: 4 })).toEqual({ ok: true, entries: 2, complete: true });
  });

  test.each([
    ['by', 'pops@bakedbot.ai'],
    ['reason', 'A better reason'],
    ['sha256', 'f'.repeat(64)],
    ['sequence', 7],
    ['note', 'added'],
  ])('is broken where %s of an entry was changed', async (field, value) => {
    await writeEntries(5);
    await tamper(3, field, value);

    expect(await verifyChain(documents, {})).toMatchObject({ ok: false, brokenAt: entryId(3) });
  });

  test('is broken after an entry that was rewritten with a matching hash', async () => {
    await writeEntries(5);
    const stored = await documents.get(`audit_log/${entryId(3)}`);
    const forged = AuditEntry.parse({ ...stored?.data, by: 'pops@bakedbot.ai' });
    await tamper(3, 'by', forged.by);
    await tamper(3, 'sha256', entrySha256(forged));

    expect(await verifyChain(documents, {})).toMatchObject({ ok: false, brokenAt: entryId(4) });
  });

  test.each([1, 3, 5])('is broken where entry %d of five was deleted', async (sequence) => {
    await writeEntries(5);
    await documents.commit([{ kind: 'delete', path: `audit_log/${entryId(sequence)}` }]);

    const verdict = await verifyChain(documents, {});
    expect(verdict).toMatchObject({ ok: false, why: expect.stringContaining('missing') });
  });

  test('is broken where the last entry is not the one that the head names, or comes after it', async () => {
    await writeEntries(2);
    const head = await documents.get(AUDIT_HEAD_PATH);
    await writeEntries(1);
    await documents.commit([{ kind: 'set', path: AUDIT_HEAD_PATH, data: head?.data ?? {} }]);

    expect(await verifyChain(documents, {})).toMatchObject({ ok: false, brokenAt: entryId(3) });
    await documents.commit([{ kind: 'set', path: AUDIT_HEAD_PATH, data: { sequence: 3, sha256: 'f'.repeat(64) } }]);
    expect(await verifyChain(documents, {})).toMatchObject({ ok: false, brokenAt: entryId(3) });
  });

  test('is broken in a part that ends after its head, or that follows a missing entry', async () => {
    await writeEntries(2);
    const head = await documents.get(AUDIT_HEAD_PATH);
    await writeEntries(3);
    await documents.commit([{ kind: 'delete', path: `audit_log/${entryId(3)}` }]);
    expect(await verifyChain(documents, { from: 4, limit: 1 })).toMatchObject({ ok: false, brokenAt: entryId(3) });
    await expect(verifyChain(documents, { from: 9 })).rejects.toMatchObject({ code: 'input_invalid' });
    await documents.commit([{ kind: 'set', path: AUDIT_HEAD_PATH, data: head?.data ?? {} }]);
    expect(await verifyChain(documents, { from: 5, limit: 1 })).toMatchObject({ ok: false, brokenAt: entryId(3) });
  });

  test('accepts no entry while its head is missing, and says how to find out why', async () => {
    await writeEntries(2);
    await documents.commit([{ kind: 'delete', path: AUDIT_HEAD_PATH }]);

    await expect(writeEntries(1)).rejects.toMatchObject({ message: expect.stringContaining('audit --verify') });
    expect(await verifyChain(documents, {})).toMatchObject({ ok: false, brokenAt: entryId(1) });
  });
});

describe('a change whose answer was lost', () => {
  const pause = async () => ({ kind: 'change', writes: [], action, result: 'changed' }) as const;

  test('is made once when it had arrived', async () => {
    await expect(commitAudited(changeWorld(losing('answer')), LEO, pause)).resolves.toBe('changed');

    expect((await listAuditEntries(documents, {}, { limit: 10 })).items).toHaveLength(1);
  });

  test('is made once when it had not arrived', async () => {
    await expect(commitAudited(changeWorld(losing('call')), LEO, pause)).resolves.toBe('changed');

    expect((await listAuditEntries(documents, {}, { limit: 10 })).items).toHaveLength(1);
  });

  test('is made when another entry took its place in the log', async () => {
    const world = changeWorld(losing('call', () => writeEntries(1)));
    await expect(commitAudited(world, LEO, pause)).resolves.toBe('changed');

    expect((await listAuditEntries(documents, {}, { limit: 10 })).items).toHaveLength(2);
  });
});

describe('a change that the database does not take', () => {
  /** A database whose commits, identified by their number, end like this. */
  function ending(end: (commit: number) => Promise<never>): Documents & { readonly tries: () => number } {
    let tries = 0;
    return { ...documents, tries: () => tries, commit: () => end((tries += 1)) };
  }
  const pause = async () => ({ kind: 'change', writes: [], action, result: 'changed' }) as const;

  test('because it is locked is tried once, and ends with the reason', async () => {
    const why = new DocumentsError('unavailable', 'Another process holds it.', { mayBeApplied: false });
    const locked = ending(() => Promise.reject(why));
    const change = commitAudited(changeWorld(locked), LEO, pause);
    await expect(change).rejects.toMatchObject({ code: 'unavailable', message: why.message, cause: why });
    expect(locked.tries()).toBe(1);
  });

  test('because it never answers ends after five seconds, with the reason', async () => {
    const world = changeWorld(
      ending(async () => {
        world.clock.advance(2_000);
        throw new DocumentsError('unavailable', 'No answer came.');
      }),
    );
    const startMs = world.clock.now().getTime();
    const message = 'It is unknown whether this was done; check before you repeat it. No answer came.';
    await expect(commitAudited(world, LEO, pause)).rejects.toMatchObject({ code: 'unavailable', message });
    expect(world.clock.now().getTime() - startMs).toBeLessThan(8_000);
  });

  test('and that cannot be searched for ends immediately, with the reason', async () => {
    let isGone = false;
    const gone = ending(() => {
      isGone = true;
      return Promise.reject(new DocumentsError('unavailable', 'No answer came.'));
    });
    const world = changeWorld({
      ...gone,
      get: (path) =>
        isGone ? Promise.reject(new DocumentsError('unavailable', 'Nothing can be read.')) : documents.get(path),
    });
    await expect(commitAudited(world, LEO, pause)).rejects.toThrow('No answer came.');
    expect(gone.tries()).toBe(1);
  });

  test('a second time, because the client repeated it internally, is made once', async () => {
    const repeating: Documents = {
      ...documents,
      async commit(writes) {
        await documents.commit(writes);
        throw new DocumentsError('already_exists', 'The entry exists already.');
      },
    };
    await expect(commitAudited(changeWorld(repeating), LEO, pause)).resolves.toBe('changed');
    expect((await listAuditEntries(documents, {}, { limit: 10 })).items).toHaveLength(1);
  });

  test('in more than 30 races says that other writers were faster', async () => {
    const raced = ending(() => Promise.reject(new DocumentsError('conflict', 'Somebody was faster.')));
    await expect(commitAudited(changeWorld(raced), LEO, pause)).rejects.toThrow('in each of 30 attempts');
  });
});

/** The database behind a connection that loses the first commit or its answer, while another writer may write. */
function losing(lost: 'call' | 'answer', meanwhile = async (): Promise<void> => {}): Documents {
  let commits = 0;
  return {
    ...documents,
    async commit(writes) {
      commits += 1;
      if (commits > 1) return documents.commit(writes);
      if (lost === 'answer') await documents.commit(writes);
      await meanwhile();
      throw new DocumentsError('unavailable', 'The connection broke.');
    },
  };
}
