import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { DAY_MS } from '#core/duration.ts';
import type { EndedStep, SucceededStep } from '#engine/record/step-schema.ts';
import type { ModelCall } from '#language/playbook/step-calls.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { aModelCall, aSucceededExecution, storeExecution } from '#testing/builders/an-execution.ts';
import { aPlaybook, EXECUTION_ID, openEngineWorld, scripted } from '#testing/builders/engine-world.ts';
import { countedDocuments } from '#testing/builders/counted-documents.ts';
import { JsonValue } from '#core/json.ts';
import { loadSpend, PLAYBOOK_SPEND, spendWrite } from './spend.ts';
import { lastDays } from '../store/utc-periods.ts';

const NOON = new Date('2026-11-20T12:10:00.000Z');
const TODAY = ['2026-11-20'];
let documents: Documents;

beforeEach(() => {
  documents = sqliteDocuments({ file: ':memory:' });
});
afterEach(() => documents.close());

/** A step that called a model, for an agent if one is given. */
function asked(id: string, modelCalls: ModelCall[], agent?: string): SucceededStep {
  const times = { startedAt: NOON, completedAt: NOON, durationMs: 0 };
  const input = agent === undefined ? {} : { agent };
  const attempt = { ...times, number: 1, status: 'succeeded' as const, input, output: null, modelCalls };
  return { ...times, path: id, id, type: 'delegate', order: 0, status: 'succeeded', attempts: [attempt] };
}

function withSteps(startedAt: Date, ...steps: EndedStep[]) {
  return aSucceededExecution(startedAt, { steps: Object.fromEntries(steps.map((step) => [step.path, step])) });
}

describe('the spend of a day', () => {
  test('is broken down by playbook, agent and model', async () => {
    const cached = aModelCall({ model: 'large', costUsd: 2, cacheReadTokens: 100, cacheWriteTokens: 7 });
    await storeExecution(
      documents,
      withSteps(NOON, asked('a', [aModelCall(), cached], 'linus'), asked('b', [aModelCall()])),
    );

    const [day] = await loadSpend(documents, TODAY);

    const all = { modelCalls: 3, inputTokens: 137, outputTokens: 15, cacheReadTokens: 100, costUsd: 2.5, unpriced: 0 };
    expect(day).toMatchObject({
      day: '2026-11-20',
      total: all,
      playbooks: { ops_test: all },
      agents: { linus: { modelCalls: 2, costUsd: 2.25 }, none: { modelCalls: 1, costUsd: 0.25 } },
      models: { small: { modelCalls: 2, costUsd: 0.5 }, large: { modelCalls: 1, costUsd: 2, cacheReadTokens: 100 } },
    });
  });

  test('counts calls with an unknown price separately', async () => {
    await storeExecution(documents, withSteps(NOON, asked('a', [aModelCall({ costUsd: null }), aModelCall()])));

    expect((await loadSpend(documents, TODAY))[0]?.total).toMatchObject({ modelCalls: 2, costUsd: 0.25, unpriced: 1 });
  });

  test('adds up executions, including failed attempts', async () => {
    const failure = { code: 'timeout', class: 'transient', message: 'Too slow.' } as const;
    const times = { startedAt: NOON, completedAt: NOON, durationMs: 0 };
    const { shortened: _, block: __, spread: ___, ...step } = asked('a', []);
    const tried: EndedStep = {
      ...step,
      status: 'failed',
      failure,
      continued: true,
      attempts: [
        { ...times, number: 1, status: 'failed', failure, modelCalls: [aModelCall()] },
        { ...times, number: 2, status: 'interrupted', modelCalls: [aModelCall()] },
      ],
    };
    await storeExecution(documents, withSteps(NOON, tried));
    await storeExecution(documents, withSteps(new Date(NOON.getTime() + 1_000), asked('b', [aModelCall()])));

    expect((await loadSpend(documents, TODAY))[0]?.total.modelCalls).toBe(3);
  });

  test('is not written by an execution that called no model', async () => {
    expect(spendWrite(aSucceededExecution(NOON))).toBeUndefined();
    await storeExecution(documents, aSucceededExecution(NOON));

    expect(await documents.query({ collection: PLAYBOOK_SPEND })).toEqual([]);
  });

  test.each(['', '__model__', '__proto__', 'm'.repeat(2_000)])(
    'counts a model whose name no field can have as another (%j)',
    async (model) => {
      await storeExecution(
        documents,
        withSteps(NOON, asked('a', [aModelCall({ model }), aModelCall({ model: '__' })])),
      );

      const [day] = await loadSpend(documents, TODAY);

      expect(day?.models).toMatchObject({ other: { modelCalls: 1 }, ['__']: { modelCalls: 1 } });
    },
  );

  test('is read for a month with one document per day, in order, with zeros where nothing was spent', async () => {
    const counted = countedDocuments(documents);
    const days = lastDays(NOON, 30);
    for (const daysAgo of [0, 3, 29, 30]) {
      const startedAt = new Date(NOON.getTime() - daysAgo * DAY_MS);
      await storeExecution(documents, withSteps(startedAt, asked('a', [aModelCall()])));
    }

    const spend = await loadSpend(counted, days);

    expect(spend.map(({ day }) => day)).toEqual(days);
    expect(spend.flatMap(({ day, total }) => (total.modelCalls === 1 ? [day] : []))).toEqual([
      '2026-10-22',
      '2026-11-17',
      '2026-11-20',
    ]);
    expect(counted.counts()).toMatchObject({ roundTrips: 1, reads: 3 });
    expect(await loadSpend(counted, [])).toEqual([]);
  });

  test('knows the agent even of a step whose data is too large for the record', async () => {
    const asks = scripted('asks', async (_, context) => context.recordModelCall(aModelCall()), {
      fields: { agent: JsonValue, with: JsonValue },
      names: { agent: 'agent' },
    });
    const world = openEngineWorld([asks]);

    await world.run(aPlaybook([{ id: 'one', type: 'asks', with: 'x'.repeat(40_000), agent: 'linus' }]));

    expect((await world.documents.get(`playbook_executions/${EXECUTION_ID}`))?.data).toMatchObject({
      agents: ['linus'],
    });
    const [day] = await loadSpend(world.documents, TODAY);
    expect(day?.agents).toMatchObject({ linus: { modelCalls: 1 } });
  });
});
