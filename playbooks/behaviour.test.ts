import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { criteriaOf, demoWorld, type DemoWorld } from '../demo/history/demo-world.ts';
import { switchIntegration } from '../demo/servers/integration-states.ts';
import type { App } from '#functions/app.ts';

const NOW = '2026-11-20T14:05:00.000Z';

let world: DemoWorld;
beforeAll(async () => {
  world = await demoWorld();
});
afterAll(() => world.close());

const Notification = z.object({ stepPath: z.string(), channel: z.string(), priority: z.string(), subject: z.string() });

async function told(app: App): Promise<readonly z.infer<typeof Notification>[]> {
  return (await app.documents.query({ collection: 'playbook_notifications' })).map(({ data }) =>
    Notification.parse(data),
  );
}

test.each([
  ['on a Sunday', '2026-11-22T18:30:00.000Z'],
  ['on a Monday morning', '2026-11-23T13:00:10.000Z'],
  ['before the daily slots', '2026-11-24T11:59:59.000Z'],
  ['at midnight in UTC', '2026-12-01T00:00:00.000Z'],
  ['in the hour that winter time repeats', '2026-11-01T06:30:00.000Z'],
  ['in the hour that summer time skips', '2026-03-08T07:30:00.000Z'],
  ['on the last day of February', '2028-02-29T23:59:59.000Z'],
])('a first start %s ends with four succeeded executions and no alarm', async (_when, now) => {
  const { deliver } = await world.at(now);
  for (const { playbook } of world.definitions.playbooks) {
    const execution = await deliver(playbook.id);
    const alarmed = Object.keys(execution.steps).includes('$alert');
    expect([playbook.id, execution.status, alarmed]).toEqual([playbook.id, 'succeeded', false]);
  }
});

describe('the daily health check', () => {
  test('a check on Monday covers the weekend, too', async () => {
    const { deliver } = await world.at('2026-11-23T14:05:00.000Z');
    const { window } = await deliver('ops_daily_health_check');
    expect([window.start, window.end].map((instant) => instant.toISOString())).toEqual([
      '2026-11-20T14:00:00.000Z',
      '2026-11-23T14:00:00.000Z',
    ]);
  });

  test('what cannot be checked fails the execution, but the rest is still reported', async () => {
    const { app, deliver } = await world.at(NOW, { integrations: undefined });
    const execution = await deliver('ops_daily_health_check');
    expect(execution).toMatchObject({
      status: 'failed',
      failedStep: 'health',
      steps: { mail: { status: 'succeeded' } },
    });
    expect(criteriaOf(execution)).toMatchObject({
      integrations_online: [null, 'unknown'],
      signups: [expect.any(Number), 'ok'],
    });
    expect((await told(app)).map(({ stepPath, channel }) => `${stepPath} ${channel}`).toSorted()).toEqual([
      '$alert email',
      '$alert slack',
      'mail email',
    ]);
  });
});

describe('the integration monitor', () => {
  test('an integration that is too slow alarms, but opens no incident', async () => {
    switchIntegration(world.dataDirectory, 'cannpay', 'slow');
    const { app, deliver } = await world.at(NOW);
    const execution = await deliver('ops_integration_monitor');
    switchIntegration(world.dataDirectory, 'cannpay', 'on');
    expect(criteriaOf(execution)).toMatchObject({ all_online: [0, 'ok'], latency: [expect.any(Number), 'alert'] });
    expect((await told(app)).map(({ channel }) => channel).toSorted()).toEqual(['dashboard', 'slack']);
    expect(await app.documents.query({ collection: 'playbook_threads' })).toEqual([]);
  });

  test('people are notified before the investigation begins', async () => {
    switchIntegration(world.dataDirectory, 'gmail', 'off');
    const { deliver } = await world.at(NOW);
    const { steps } = await deliver('ops_integration_monitor');
    switchIntegration(world.dataDirectory, 'gmail', 'on');
    const inOrder = Object.values(steps).toSorted((a, b) => a.order - b.order);
    expect(inOrder.map(({ id }) => id)).toEqual([
      'integrations',
      'any_offline',
      'alarm',
      'logs',
      'investigate',
      'incident',
      '$alert',
    ]);
  });
});

describe('churn prevention', () => {
  test('customers in a draft are left alone, and no empty campaign is opened', async () => {
    const { app, clock, deliver } = await world.at('2026-11-20T15:05:00.000Z');
    await deliver('ops_churn_prevention');
    clock.advance(60_000);
    const again = await app.runManually({ playbookId: 'ops_churn_prevention', by: 'a person' });
    expect(again.status).toBe('succeeded');
    expect(criteriaOf(again)).toMatchObject({ approval_required: [null, 'unknown'] });
    expect(await told(app)).toMatchObject([
      { stepPath: expect.stringContaining('all_contacted'), channel: 'dashboard', priority: 'low' },
    ]);
    expect(await app.documents.query({ collection: 'playbook_threads' })).toHaveLength(1);
  });

  test('a manual start looks as far back, lists as many and offers as much as its inputs say', async () => {
    const { app } = await world.at('2026-11-20T15:05:00.000Z');
    const execution = await app.runManually({
      playbookId: 'ops_churn_prevention',
      by: 'a person',
      inputs: { days: '30', limit: 2, discount_percent: 20 },
    });
    expect(execution).toMatchObject({
      status: 'succeeded',
      results: {
        inactive: { days: 30, customers: [{}, {}] },
        'any_inactive.drafts': { drafts: [{ discountPercent: 20 }, { discountPercent: 20 }] },
      },
    });
  });

  test('if nobody is inactive, a note of low priority says so', async () => {
    const { app, deliver } = await world.at('2026-11-20T15:05:00.000Z');
    for (const { path, updateTime } of await app.documents.query({ collection: 'users' })) {
      await app.documents.commit([
        { kind: 'update', path, changes: [{ field: ['role'], value: 'staff' }], ifUpdateTime: updateTime },
      ]);
    }
    const execution = await deliver('ops_churn_prevention');
    expect(execution).toMatchObject({ status: 'succeeded', steps: { any_inactive: { block: 'else' } } });
    expect(await told(app)).toMatchObject([
      { stepPath: expect.stringContaining('all_active'), priority: 'low', subject: '✅ All customers active' },
    ]);
  });
});
