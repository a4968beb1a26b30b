import { expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { DAY_MS } from '#core/duration.ts';
import { aroundWindows, keep } from '#testing/builders/team-data.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { toolContext } from '#testing/builders/tool-context.ts';
import { getSpend } from './get-spend.ts';

const clock = fakeClock();
const NOW = clock.now();

/** Powers of two, so that every sum tells which executions are in it. */
const executions = aroundWindows(NOW, [1, 2, 7, 14]).flatMap((startedAt, index) => [
  { startedAt, spend: { costUsd: 2 ** index / 1024, modelCalls: 2 ** index, inputTokens: 3, outputTokens: 2 } },
  { startedAt, spend: { costUsd: null, modelCalls: 1, inputTokens: 1, outputTokens: 1 } },
]);

test.each([1, 7])('the spend of %i days is that of the executions which began in them', async (days) => {
  const documents = sqliteDocuments({ file: ':memory:' });
  await keep(documents, { playbook_executions: Object.fromEntries(executions.entries()) });
  const begunSince = (from: number) =>
    executions.filter(({ startedAt }) => startedAt.getTime() >= NOW.getTime() - from * DAY_MS);
  const now = begunSince(days);
  const before = begunSince(2 * days).filter((one) => !now.includes(one));
  const sum = (list: typeof executions, of: (one: (typeof executions)[number]['spend']) => number | null): number =>
    list.reduce((total, { spend }) => total + (of(spend) ?? 0), 0);

  expect(await getSpend.call({ days }, toolContext({ documents, clock }))).toEqual({
    days,
    since: new Date(NOW.getTime() - days * DAY_MS).toISOString(),
    executions: now.length,
    modelCalls: sum(now, ({ modelCalls }) => modelCalls),
    inputTokens: sum(now, ({ inputTokens }) => inputTokens),
    outputTokens: sum(now, ({ outputTokens }) => outputTokens),
    costUsd: sum(now, ({ costUsd }) => costUsd),
    executionsWithoutPrice: now.length / 2,
    previousCostUsd: sum(before, ({ costUsd }) => costUsd),
  });
  await documents.close();
});
