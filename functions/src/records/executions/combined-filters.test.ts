import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { aFailedExecution, aSucceededExecution, storeExecution } from '#testing/builders/an-execution.ts';
import { picker } from '#testing/builders/team-data.ts';
import { listExecutions, type ExecutionFilter } from './list-executions.ts';

const minute = (index: number): Date => new Date(Date.parse('2026-11-20T12:00:00.000Z') + index * 60_000);
const pick = picker(3);
const all = Array.from({ length: 96 }, (_, index) => ({
  id: `e${index}`,
  startedAt: minute(index),
  playbookId: pick(['ops_even', 'ops_odd']),
  status: pick(['failed', 'succeeded'] as const),
  trigger: pick(['manual', 'schedule'] as const),
  agent: pick(['linus', 'leo']),
  team: pick(['growth', 'ops']),
  playbookName: pick(['Weekend report', 'Weekday report']),
}));

let documents: Documents;
beforeAll(async () => {
  documents = sqliteDocuments({ file: ':memory:' });
  for (const { agent, team, status, trigger, startedAt, ...named } of all) {
    const occasion =
      trigger === 'manual'
        ? ({ slot: null, trigger: { kind: 'manual', by: 'ann@example.com' } } as const)
        : ({ slot: startedAt, trigger: { kind: 'schedule' } } as const);
    const build = status === 'failed' ? aFailedExecution : aSucceededExecution;
    await storeExecution(documents, build(startedAt, { ...named, ...occasion, agents: [agent], labels: { team } }));
  }
});
afterAll(() => documents.close());

type One = (typeof all)[number];
/** Each condition, and what it means for one execution. */
const CONDITIONS: readonly (readonly [ExecutionFilter, (one: One) => boolean])[] = [
  [{ playbookId: 'ops_even' }, ({ playbookId }) => playbookId === 'ops_even'],
  [{ status: 'failed' }, ({ status }) => status === 'failed'],
  [{ trigger: 'manual' }, ({ trigger }) => trigger === 'manual'],
  [{ agent: 'linus' }, ({ agent }) => agent === 'linus'],
  [{ label: 'team=growth' }, ({ team }) => team === 'growth'],
  [{ text: 'weekend' }, ({ playbookName }) => playbookName.startsWith('Weekend')],
  [{ from: minute(20) }, ({ startedAt }) => startedAt >= minute(20)],
  [{ to: minute(80) }, ({ startedAt }) => startedAt < minute(80)],
];

/** The ids of all pages. */
async function found(filter: ExecutionFilter): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let after: string | undefined, isFirst = true; isFirst || after !== undefined; isFirst = false) {
    const page = await listExecutions(documents, filter, { limit: 20, after });
    ids.push(...page.executions.map(({ id }) => id));
    after = page.next;
  }
  return ids;
}

const SETS = Array.from({ length: 2 ** CONDITIONS.length }, (_, bits) => {
  const chosen = CONDITIONS.filter((__, index) => (bits & (2 ** index)) !== 0);
  const filter: ExecutionFilter = Object.assign({}, ...chosen.map(([one]) => one));
  return { filter, isWanted: (one: One) => chosen.every(([, holds]) => holds(one)), size: chosen.length };
});

describe.each([1, 2, 3, 8])('of %i conditions at once', (size) => {
  const sets = SETS.filter((one) => one.size === size);

  test('none is forgotten, whichever they are', async () => {
    for (const { filter, isWanted } of sets) {
      const wanted = all.filter(isWanted).map(({ id }) => id);
      expect({ filter, ids: await found(filter) }).toEqual({ filter, ids: wanted.toReversed() });
    }
  }, 20_000);
});

describe('the time of an execution', () => {
  test.each([
    [{ from: minute(95) }, ['e95']],
    [{ from: new Date(minute(95).getTime() + 1) }, []],
    [{ to: minute(1) }, ['e0']],
    [{ to: minute(0) }, []],
    [{ from: minute(3), to: minute(5) }, ['e4', 'e3']],
  ])('is at or after the beginning and before the end: %j', async (filter, ids) => {
    expect(await found(filter)).toEqual(ids);
  });
});

describe('a page', () => {
  test.each([1, 49, 50])('of %i executions is as long', async (limit) => {
    expect((await listExecutions(documents, {}, { limit })).executions).toHaveLength(limit);
  });

  test.each([0, 51, 1.5, -1, Number.NaN])('of %d executions is refused', async (limit) => {
    await expect(listExecutions(documents, {}, { limit })).rejects.toMatchObject({ code: 'input_invalid' });
  });
});
