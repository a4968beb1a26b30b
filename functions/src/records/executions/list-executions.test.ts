import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import {
  aFailedExecution,
  aRunningExecution,
  aSkippedExecution,
  aSucceededExecution,
  storeExecution,
} from '#testing/builders/an-execution.ts';
import { countedDocuments, type CountedDocuments } from '#testing/builders/counted-documents.ts';
import { EXECUTIONS } from './executions.ts';
import { listExecutions, type ExecutionFilter } from './list-executions.ts';

const minute = (index: number): Date => new Date(Date.parse('2026-11-20T12:00:00.000Z') + index * 60_000);
let documents: CountedDocuments;

beforeEach(() => {
  documents = countedDocuments(sqliteDocuments({ file: ':memory:' }));
});
afterEach(() => documents.close());

/** The ids of all pages, and how many documents each page read. */
async function walk(filter: ExecutionFilter, limit: number) {
  const pages: string[][] = [];
  const reads: number[] = [];
  for (let after: string | undefined, isFirst = true; isFirst || after !== undefined; isFirst = false) {
    documents.reset();
    const page = await listExecutions(documents, filter, { limit, after });
    pages.push(page.executions.map(({ id }) => id));
    reads.push(documents.counts().reads);
    after = page.next;
  }
  return { pages, reads, ids: pages.flat() };
}

async function storeMany(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const rare = index % 40 === 0;
    const changes = {
      id: `e${index}`,
      agents: ['leo', ...(rare ? ['linus'] : [])],
      labels: { team: rare ? 'growth' : 'ops' },
    };
    const playbook = { playbookId: index % 2 === 0 ? 'ops_even' : 'ops_odd', playbookName: 'Über the weekend' };
    const build = index % 10 === 0 ? aFailedExecution : aSucceededExecution;
    await storeExecution(documents, build(minute(index), { ...changes, ...playbook }));
    ids.unshift(`e${index}`);
  }
  return ids;
}

describe('a list of executions', () => {
  test('has the latest first, each on one page, in one query that reads one document more than it shows', async () => {
    const ids = await storeMany(60);

    const { pages, reads } = await walk({}, 25);

    expect(pages).toEqual([ids.slice(0, 25), ids.slice(25, 50), ids.slice(50)]);
    expect(reads).toEqual([26, 26, 10]);
  });

  test('pages also through executions that began at the same instant', async () => {
    for (let index = 0; index < 7; index += 1) {
      await storeExecution(documents, aSucceededExecution(minute(0), { id: `e${index}` }));
    }

    expect((await walk({}, 3)).ids.toSorted()).toEqual(Array.from({ length: 7 }, (_, index) => `e${index}`));
  });

  test.each<[string, ExecutionFilter, (index: number) => boolean]>([
    ['playbook', { playbookId: 'ops_even' }, (index) => index % 2 === 0],
    ['status', { status: 'failed' }, (index) => index % 10 === 0],
    ['trigger', { trigger: 'manual' }, () => false],
    ['agent', { agent: 'linus' }, (index) => index % 40 === 0],
    ['label', { label: 'team=growth' }, (index) => index % 40 === 0],
    ['word of the playbook, whatever its case', { text: 'ÜBER' }, () => true],
    ['word of the error', { text: 'mailjet' }, (index) => index % 10 === 0],
    ['id', { text: 'e57' }, (index) => index === 57],
    ['several words, all of which must occur', { text: 'Mailjet e20 weekend' }, (index) => index === 20],
    ['time', { from: minute(10), to: minute(20) }, (index) => index >= 10 && index < 20],
    ['playbook and agent', { playbookId: 'ops_even', agent: 'linus' }, (index) => index % 40 === 0],
    ['agent and status', { agent: 'leo', status: 'failed' }, (index) => index % 10 === 0],
    [
      'all filters at once',
      {
        playbookId: 'ops_even',
        status: 'failed',
        trigger: 'schedule',
        agent: 'linus',
        label: 'team=growth',
        text: 'weekend',
        from: minute(1),
        to: minute(81),
      },
      (index) => index === 40 || index === 80,
    ],
    ['a text without searchable words', { text: '🔗 x' }, () => false],
    ['a blank text, as if none was given', { text: '  ' }, () => true],
  ])(
    'is filtered by %s, over 130 executions, at most 50 documents a page',
    async (_, filter, isWanted) => {
      await storeMany(130);
      const wanted = Array.from({ length: 130 }, (__, index) => 129 - index).filter(isWanted);

      const { ids, reads } = await walk(filter, 10);

      expect(ids).toEqual(wanted.map((index) => `e${index}`));
      expect(Math.max(...reads)).toBeLessThanOrEqual(50);
    },
    20_000,
  );

  test('says how far it has searched where a page is short although the list continues', async () => {
    await storeMany(60);

    const page = await listExecutions(documents, { agent: 'leo', status: 'failed', text: 'weekend' }, { limit: 10 });

    expect(page.executions.map(({ id }) => id)).toEqual(['e50', 'e40', 'e30', 'e20', 'e10']);
    expect(page.scannedUntil).toEqual(minute(10));
    const rest = await listExecutions(documents, { agent: 'leo', status: 'failed' }, { limit: 10, after: page.next });
    expect(rest).toMatchObject({ executions: [{ id: 'e0' }], next: undefined, scannedUntil: undefined });
  });

  test('contains summaries of every status, without steps, results, inputs and lease', async () => {
    await storeExecution(documents, aRunningExecution(minute(3), { id: 'r' }));
    await storeExecution(documents, aSkippedExecution(minute(2)));
    await storeExecution(documents, aFailedExecution(minute(1)));
    await storeExecution(documents, aSucceededExecution(minute(0)));

    const { executions } = await listExecutions(documents, {}, { limit: 10 });

    expect(executions).toMatchObject([
      { status: 'running', id: 'r', stepsExecuted: 0 },
      { status: 'skipped', reason: 'paused' },
      { status: 'failed', error: 'call: Mailjet did not answer.', failedStep: 'call', duration: 1_000 },
      { status: 'succeeded', criteria: [], spend: { modelCalls: 0 } },
    ]);
    for (const one of executions) {
      for (const left of ['steps', 'results', 'inputs', 'lease']) expect(one).not.toHaveProperty(left);
    }
  });

  test('shows a record that it cannot read, and continues after it', async () => {
    await storeMany(3);
    const odd = { startedAt: minute(1), status: 'lost', playbookId: 'ops_odd' };
    await documents.commit([{ kind: 'set', path: `${EXECUTIONS}/e1`, data: odd }]);

    const first = await listExecutions(documents, {}, { limit: 2 });
    const second = await listExecutions(documents, {}, { limit: 2, after: first.next });

    expect(first).toMatchObject({ executions: [{ id: 'e2' }], unreadable: [{ id: 'e1' }], scannedUntil: undefined });
    expect(second.executions.map(({ id }) => id)).toEqual(['e0']);
  });

  test.each(['garbage', '', 'e30', Buffer.from('[1,2]').toString('base64url')])(
    'refuses a cursor that it never gave: %j',
    async (after) => {
      await expect(listExecutions(documents, {}, { limit: 5, after })).rejects.toMatchObject({ code: 'input_invalid' });
    },
  );

  test.each([0, 51, 1.5, Number.NaN])('refuses a page of %d', async (limit) => {
    await expect(listExecutions(documents, {}, { limit })).rejects.toMatchObject({ code: 'input_invalid' });
  });
});
