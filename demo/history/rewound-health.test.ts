import { expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { historiesIn, INTEGRATION_HEALTH_PATH } from '#records/health/integration-health.ts';
import { rewindHealth } from './rewound-health.ts';

const PAST = new Date('2026-11-01T00:00:00.000Z');
const checkedAt = new Date('2026-11-20T14:00:00.000Z');
const hubspot = {
  lastCheckedAt: checkedAt,
  lastStatus: 'offline',
  lastSuccessAt: new Date('2026-11-20T12:00:00.000Z'),
  lastLatencyMs: 80,
  consecutiveFailures: 2,
  lastProblem: { at: checkedAt, error: 'HTTP 503.' },
  hours: {},
  days: {},
};

test('the past is not compared with a later check, which is restored afterwards', async () => {
  const documents = sqliteDocuments({ file: ':memory:' });
  await documents.commit([{ kind: 'create', path: INTEGRATION_HEALTH_PATH, data: { integrations: { hubspot } } }]);
  const remembered = async () => historiesIn(await documents.get(INTEGRATION_HEALTH_PATH)).get('hubspot');

  const giveBack = await rewindHealth(documents, PAST);
  expect(await remembered()).toMatchObject({ lastSuccessAt: null, consecutiveFailures: 0 });

  const field = (name: string) => ['integrations', 'hubspot', name];
  const figures = { up: 1, down: 0, degraded: 0, latencyMs: 50, measured: 1, worstMs: 50 };
  await documents.commit([
    {
      kind: 'update',
      path: INTEGRATION_HEALTH_PATH,
      changes: [
        { field: field('lastSuccessAt'), value: PAST },
        { field: field('lastCheckedAt'), value: PAST },
        { field: [...field('days'), '2026-11-01'], value: figures },
      ],
    },
  ]);
  await giveBack();
  expect(await remembered()).toEqual({ ...hubspot, days: { '2026-11-01': figures } });
  await documents.close();
});

test('nothing is written if nothing has been checked', async () => {
  const documents = sqliteDocuments({ file: ':memory:' });
  const giveBack = await rewindHealth(documents, PAST);
  await giveBack();
  expect(await documents.get(INTEGRATION_HEALTH_PATH)).toBeUndefined();
  await documents.close();
});
