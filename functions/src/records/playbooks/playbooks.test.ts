import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { listPlaybooks, listVersions, loadPlaybook, loadVersion, loadVersionSource, pauseAt } from './playbooks.ts';
import { applySeed, type PlaybookSource } from './seed-playbooks.ts';

const NOW = new Date('2026-11-20T14:00:00.000Z');

let documents: Documents;

beforeEach(() => {
  documents = sqliteDocuments({ file: ':memory:' });
});

afterEach(async () => {
  await documents.close();
});

function aSource(version: string, changes: Record<string, unknown> = {}): PlaybookSource {
  const playbook = Playbook.parse({
    id: 'ops_daily_health_check',
    name: '🏥 Daily System Health Check',
    steps: [{ id: 'health', type: 'tool_call', tool: 'getSystemHealth', with: {} }],
    ...changes,
  });
  return { playbook, version, source: `# version ${version}\nid: ${playbook.id}\n` };
}

describe('a pause', () => {
  test.each([
    ['applies until its end', new Date(NOW.getTime() + 1), true],
    ['has ended at its end', NOW, false],
    ['without an end applies', null, true],
  ])('%s', (_, until, holds) => {
    const pause = { reason: 'We move house', until, by: 'ann@example.com' };

    expect(pauseAt(pause, NOW)).toBe(holds ? pause : null);
  });
});

describe('a playbook', () => {
  test('is undefined where it was never seeded', async () => {
    expect(await loadPlaybook(documents, 'ops_daily_health_check')).toBeUndefined();
  });

  test('is read back as written in its file', async () => {
    await applySeed(documents, [aSource('v1')], NOW);

    expect(await loadPlaybook(documents, 'ops_daily_health_check')).toEqual({
      id: 'ops_daily_health_check',
      name: '🏥 Daily System Health Check',
      version: 'v1',
      enabled: true,
      seededEnabled: true,
      pause: null,
      definition: aSource('v1').playbook,
      seededAt: NOW,
    });
  });

  test('may contain structures that the database refuses', async () => {
    const body = {
      values: [
        [1, 2],
        [3, 4],
      ],
      '': 'odd',
      __proto: { __odd__: true },
    };
    const steps = [{ id: 'append', type: 'tool_call', tool: 'httpRequest', with: { body } }];
    await applySeed(documents, [aSource('v1', { steps })], NOW);

    expect((await loadPlaybook(documents, 'ops_daily_health_check'))?.definition.steps[0]?.['with']).toEqual({ body });
    expect((await loadVersion(documents, 'ops_daily_health_check', 'v1'))?.steps[0]?.['with']).toEqual({ body });
  });

  test('keeps every version it had, for the executions that are pinned to one', async () => {
    await applySeed(documents, [aSource('v1')], NOW);
    await applySeed(documents, [aSource('v2', { name: 'Renamed' })], NOW);

    expect((await loadVersion(documents, 'ops_daily_health_check', 'v1'))?.name).toBe('🏥 Daily System Health Check');
    expect((await loadVersion(documents, 'ops_daily_health_check', 'v2'))?.name).toBe('Renamed');
    expect(await loadVersion(documents, 'ops_daily_health_check', 'v3')).toBeUndefined();
  });

  test('of a newer playbook runner is refused with what to do', async () => {
    await applySeed(documents, [aSource('v1')], NOW);
    const path = 'playbooks_internal/ops_daily_health_check';
    await documents.commit([{ kind: 'update', path, changes: [{ field: ['format'], value: 3 }] }]);

    await expect(loadPlaybook(documents, 'ops_daily_health_check')).rejects.toMatchObject({
      code: 'record_from_newer_version',
      message: expect.stringContaining('a newer version of the playbook runner'),
    });
  });

  test('that is damaged does not hide the others from the list', async () => {
    await applySeed(documents, [aSource('v1')], NOW);
    await documents.commit([{ kind: 'set', path: 'playbooks_internal/broken', data: { name: 'Half a playbook' } }]);

    const listing = await listPlaybooks(documents);

    expect(listing.playbooks.map(({ id }) => id)).toEqual(['ops_daily_health_check']);
    expect(listing.unreadable).toMatchObject([{ id: 'broken', problem: expect.stringContaining('Seed it again') }]);
  });
});

describe('the versions of a playbook', () => {
  test('are listed with their YAML, the last seeded first', async () => {
    const later = new Date('2026-11-21T14:00:00.000Z');
    await applySeed(documents, [aSource('v1')], NOW);
    await applySeed(documents, [aSource('v2')], later);

    expect(await listVersions(documents, 'ops_daily_health_check', 10)).toEqual([
      { version: 'v2', source: aSource('v2').source, seededAt: later },
      { version: 'v1', source: aSource('v1').source, seededAt: NOW },
    ]);
    expect(await listVersions(documents, 'ops_daily_health_check', 1)).toHaveLength(1);
    expect(await listVersions(documents, 'ops_other', 10)).toEqual([]);
  });

  test('are shown even where this code can no longer run them', async () => {
    await applySeed(documents, [aSource('v1')], NOW);
    const path = 'playbooks_internal/ops_daily_health_check/versions/v1';
    await documents.commit([{ kind: 'update', path, changes: [{ field: ['definition'], value: {} }] }]);

    expect(await listVersions(documents, 'ops_daily_health_check', 10)).toMatchObject([{ version: 'v1' }]);
    expect(await loadVersionSource(documents, 'ops_daily_health_check', 'v1')).toMatchObject({
      source: aSource('v1').source,
    });
    expect(await loadVersionSource(documents, 'ops_daily_health_check', 'v3')).toBeUndefined();
  });
});
