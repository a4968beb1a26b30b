import { beforeAll, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { DocumentData } from '#ports/documents/documents.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { toolContext } from '#testing/builders/tool-context.ts';
import { getExecutionStats } from './get-execution-stats.ts';
import { getSpend } from './get-spend.ts';

const DAY_MS = 86_400_000;
const clock = fakeClock();
const documents = sqliteDocuments({ file: ':memory:' });
const context = toolContext({ documents, clock });

describe("the figures of the playbook runner's executions", () => {
  beforeAll(async () => {
    for (const id of ['health', 'monitor']) {
      await documents.commit([{ kind: 'create', path: `playbooks_internal/${id}`, data: { name: `The ${id}` } }]);
    }
    await execution('e1', 1, { playbookId: 'health', status: 'succeeded', duration: 1_000, spend: spend(2, 0.5) });
    await execution('e2', 2, { playbookId: 'health', status: 'failed', duration: 3_000, spend: spend(1, 0.25) });
    await execution('e3', 3, { playbookId: 'monitor', status: 'succeeded', duration: 2_000, spend: spend(4, null) });
    await execution('e4', 4, { playbookId: 'monitor', status: 'skipped', duration: 0 });
    await execution('e5', 0, { playbookId: 'monitor', status: 'running' });
    await execution('e6', 8, { playbookId: 'health', status: 'failed', duration: 9_000, spend: spend(1, 2) });
  });

  async function execution(id: string, daysAgo: number, data: DocumentData): Promise<void> {
    const startedAt = new Date(clock.now().getTime() - daysAgo * DAY_MS);
    await documents.commit([{ kind: 'create', path: `playbook_executions/${id}`, data: { ...data, startedAt } }]);
  }

  function spend(modelCalls: number, costUsd: number | null): DocumentData {
    return { modelCalls, inputTokens: 1_000 * modelCalls, outputTokens: 100 * modelCalls, costUsd };
  }

  test('getExecutionStats excludes skipped and running ones from the success rate', async () => {
    expect(await getExecutionStats.call({ days: 7 }, context)).toMatchObject({
      executions: 5,
      succeeded: 2,
      failed: 1,
      skipped: 1,
      running: 1,
      successRate: 2 / 3,
      averageMs: 2_000,
    });
  });

  test('getExecutionStats splits them by playbook', async () => {
    expect(await getExecutionStats.call({ days: 7 }, context)).toMatchObject({
      byPlaybook: [
        { playbookId: 'health', playbookName: 'The health', executions: 2, successRate: 0.5, averageMs: 2_000 },
        { playbookId: 'monitor', executions: 3, successRate: 1, averageMs: 2_000 },
      ],
    });
  });

  test('getExecutionStats has no success rate where nothing ended', async () => {
    const empty = toolContext({ documents: sqliteDocuments({ file: ':memory:' }), clock });
    expect(await getExecutionStats.call({}, empty)).toMatchObject({
      executions: 0,
      successRate: null,
      averageMs: null,
    });
  });

  test('getSpend adds up known costs and counts executions with unknown prices', async () => {
    expect(await getSpend.call({ days: 7 }, context)).toMatchObject({
      executions: 5,
      modelCalls: 7,
      inputTokens: 7_000,
      outputTokens: 700,
      costUsd: 0.75,
      executionsWithoutPrice: 1,
      previousCostUsd: 2,
    });
  });
});
