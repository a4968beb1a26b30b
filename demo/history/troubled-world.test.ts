import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { listAuditEntries } from '#records/audit/audit-log.ts';
import { pausePlaybook } from '#records/playbooks/playbook-switches.ts';
import { loadPlaybook } from '#records/playbooks/playbooks.ts';
import { applySeed } from '#records/playbooks/seed-playbooks.ts';
import { seedSettings } from '#records/settings/seed-settings.ts';
import { documentSettings } from '#records/settings/settings.ts';
import { projectDefinitions } from '#testing/builders/project-definitions.ts';
import type { Trouble } from './history-script.ts';
import { simulatedClock } from './simulated-clock.ts';
import { troubledWorld, type PastWorld } from './troubled-world.ts';

const MONITOR = 'ops_integration_monitor';
const from = new Date('2026-11-01T10:00:00.000Z');
const until = new Date('2026-11-01T12:00:00.000Z');
const paused: Trouble = {
  kind: 'paused',
  playbookId: MONITOR,
  by: 'martez@bakedbot.ai',
  reason: 'A move.',
  from,
  until,
};

describe('the troubled world', () => {
  let documents: Documents;
  let world: PastWorld;

  beforeEach(async () => {
    documents = sqliteDocuments({ file: ':memory:' });
    const definitions = await projectDefinitions();
    await seedSettings(documents, definitions, from);
    await applySeed(documents, definitions.playbooks, from);
    world = { documents, definitions, clock: simulatedClock(), newId: randomUUID };
  });
  afterEach(() => documents.close());

  async function pause() {
    return (await loadPlaybook(documents, MONITOR))?.pause;
  }

  test('pauses a playbook and resumes it, each at its time', async () => {
    const { become } = troubledWorld();
    await become([paused], world);
    expect(await pause()).toEqual({ reason: 'A move.', until, by: 'martez@bakedbot.ai' });
    await become([], world);
    expect(await pause()).toBeNull();
    const { items } = await listAuditEntries(documents, {}, { limit: 10 });
    expect(items.map(({ action, at }) => [action, at.toISOString().slice(0, 16)])).toEqual([
      ['playbook_resumed', '2026-11-01T12:00'],
      ['playbook_paused', '2026-11-01T10:00'],
    ]);
  });

  test('leaves a person’s pause alone', async () => {
    const actor = { email: 'rishabh@bakedbot.ai', role: 'admin' } as const;
    await pausePlaybook(world, actor, { playbookId: MONITOR, reason: 'For good.', until: null });
    const { become } = troubledWorld();
    await become([paused], world);
    await become([], world);
    expect(await pause()).toMatchObject({ reason: 'For good.' });
  });

  test('loses the mapping of the orders, and finds it again', async () => {
    const { become } = troubledWorld();
    const orders = async () => (await documentSettings(documents, world.clock).platform()).orders;
    await become([{ kind: 'orders_unmapped', from, until }], world);
    expect(await orders()).toBeUndefined();
    await become([], world);
    expect(await orders()).toMatchObject({ collection: 'orders' });
  });

  test('is without a credential for a while', async () => {
    const { become, environment } = troubledWorld();
    const env = environment({ CRON_SECRET: 'known' });
    await become([{ kind: 'secret_missing', secret: 'HUBSPOT_TOKEN', from, until }], world);
    expect(env).toEqual({ CRON_SECRET: 'known', DEMO_HUBSPOT_TOKEN: '' });
    await become([], world);
    expect(env).toEqual({ CRON_SECRET: 'known' });
  });

  test('has integrations that are off or slow, and others that are not', async () => {
    const { become, behaviourOf } = troubledWorld();
    const [hubspot, gmail] = ['hubspot', 'gmail'].map((id) =>
      world.definitions.integrations?.integrations.find((integration) => integration.id === id),
    );
    if (hubspot === undefined || gmail === undefined) throw new Error('An integration is missing.');
    await become(
      [
        { kind: 'integration_off', integration: 'hubspot', from, until },
        { kind: 'integration_slow', integration: 'gmail', latencyMs: 700, from, until },
      ],
      world,
    );
    expect(behaviourOf(hubspot).state).toBe('off');
    expect(behaviourOf(gmail).latencyMs).toBeGreaterThan(600);
    await become([], world);
    expect([behaviourOf(hubspot).state, behaviourOf(gmail).state]).toEqual(['on', 'on']);
    expect(behaviourOf(gmail).latencyMs).toBeLessThan(500);
  });
});
