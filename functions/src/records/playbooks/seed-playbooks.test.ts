import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import { DocumentsError, type Documents, type DocumentValue } from '#ports/documents/documents.ts';
import { loadPlaybook, playbookPath } from './playbooks.ts';
import { applySeed, seedPlan, type PlaybookSource } from './seed-playbooks.ts';

const ID = 'ops_integration_monitor';
const NOW = new Date('2026-11-20T14:00:00.000Z');

let documents: Documents;

beforeEach(() => {
  documents = sqliteDocuments({ file: ':memory:' });
});

afterEach(async () => {
  await documents.close();
});

function aSource(version: string, { id = ID, enabled = true } = {}): PlaybookSource {
  const steps = [{ id: 'check', type: 'tool_call', tool: 'checkIntegrations' }];
  return { playbook: Playbook.parse({ id, name: `Monitor ${version}`, enabled, steps }), version, source: `id: ${id}` };
}

async function operatorSets(field: string, value: DocumentValue): Promise<void> {
  await documents.commit([{ kind: 'update', path: playbookPath(ID), changes: [{ field: [field], value }] }]);
}

describe('seeding', () => {
  test('a new playbook creates it', async () => {
    const report = await applySeed(documents, [aSource('v1')], NOW);

    expect(report.playbooks).toMatchObject([{ id: ID, change: 'new', enabled: true, enabledKept: false }]);
    expect(await loadPlaybook(documents, ID)).toMatchObject({ version: 'v1' });
  });

  test('the same playbook twice writes nothing the second time', async () => {
    await applySeed(documents, [aSource('v1')], NOW);
    const before = await documents.get(playbookPath(ID));

    const report = await applySeed(documents, [aSource('v1')], NOW);

    expect(report.playbooks).toMatchObject([{ change: 'unchanged' }]);
    expect((await documents.get(playbookPath(ID)))?.updateTime).toBe(before?.updateTime);
  });

  test('another version replaces the definition', async () => {
    await applySeed(documents, [aSource('v1')], NOW);

    const report = await applySeed(documents, [aSource('v2')], NOW);

    expect(report.playbooks).toMatchObject([{ change: 'changed' }]);
    expect(await loadPlaybook(documents, ID)).toMatchObject({ version: 'v2', name: 'Monitor v2' });
  });

  test('keeps what an operator switched off', async () => {
    await applySeed(documents, [aSource('v1')], NOW);
    await operatorSets('enabled', false);

    const report = await applySeed(documents, [aSource('v2')], NOW);

    expect(report.playbooks).toMatchObject([{ change: 'changed', enabled: false, enabledKept: true }]);
    expect(await loadPlaybook(documents, ID)).toMatchObject({ version: 'v2', enabled: false });
  });

  test("follows the file when the file's own value changed", async () => {
    await applySeed(documents, [aSource('v1')], NOW);
    await operatorSets('enabled', false);
    await applySeed(documents, [aSource('v2', { enabled: false })], NOW);

    await applySeed(documents, [aSource('v3', { enabled: true })], NOW);

    expect(await loadPlaybook(documents, ID)).toMatchObject({ enabled: true });
  });

  test("never touches an operator's pause", async () => {
    const pause = { reason: 'Moving the CRM', until: new Date('2026-12-01T00:00:00.000Z'), by: 'leo' };
    await applySeed(documents, [aSource('v1')], NOW);
    await operatorSets('pause', pause);

    await applySeed(documents, [aSource('v2')], NOW);

    expect(await loadPlaybook(documents, ID)).toMatchObject({ version: 'v2', pause });
  });

  test('reports a playbook without a file, and leaves it unchanged', async () => {
    await applySeed(documents, [aSource('v1'), aSource('v1', { id: 'retired' })], NOW);

    const report = await applySeed(documents, [aSource('v2')], NOW);

    expect(report.absent).toEqual(['retired']);
    expect(await loadPlaybook(documents, 'retired')).toMatchObject({ version: 'v1', enabled: true });
  });

  test('repairs a damaged record', async () => {
    await documents.commit([{ kind: 'set', path: playbookPath(ID), data: { version: 7 } }]);

    await applySeed(documents, [aSource('v1')], NOW);

    expect(await loadPlaybook(documents, ID)).toMatchObject({ version: 'v1', enabled: true, pause: null });
  });

  test('20 times at the same moment loses nothing', async () => {
    const sources = [aSource('v1'), aSource('v1', { id: 'other' })];

    const reports = await Promise.all(Array.from({ length: 20 }, () => applySeed(documents, sources, NOW)));

    const changes = reports.flatMap(({ playbooks }) => playbooks.map(({ id, change }) => `${id} ${change}`));
    expect(changes.filter((change) => change === `${ID} new`)).toHaveLength(1);
    expect(changes.filter((change) => change === 'other new')).toHaveLength(1);
    expect(await loadPlaybook(documents, 'other')).toMatchObject({ version: 'v1' });
  });

  test('keeps a switch that an operator throws between the reading and the writing', async () => {
    await applySeed(documents, [aSource('v1')], NOW);
    let thrown = false;
    const interrupted: Documents = {
      ...documents,
      async commit(writes) {
        if (!thrown) await operatorSets('enabled', false);
        thrown = true;
        return documents.commit(writes);
      },
    };

    await applySeed(interrupted, [aSource('v2')], NOW);

    expect(await loadPlaybook(documents, ID)).toMatchObject({ version: 'v2', enabled: false });
  });

  test('that stops halfway leaves complete playbooks, and the next seed does the rest', async () => {
    let commits = 0;
    const breaking: Documents = {
      ...documents,
      async commit(writes) {
        commits += 1;
        if (commits === 2) throw new DocumentsError('unavailable', 'The database is out of reach.');
        return documents.commit(writes);
      },
    };
    const sources = [aSource('v1'), aSource('v1', { id: 'second' }), aSource('v1', { id: 'third' })];

    await expect(applySeed(breaking, sources, NOW)).rejects.toMatchObject({ code: 'unavailable' });
    const report = await applySeed(documents, sources, NOW);

    expect(report.playbooks.map(({ change }) => change)).toEqual(['unchanged', 'new', 'new']);
  });

  test('as a plan only writes nothing', async () => {
    const report = await seedPlan(documents, [aSource('v1')]);

    expect(report.playbooks).toMatchObject([{ change: 'new' }]);
    expect(await loadPlaybook(documents, ID)).toBeUndefined();
  });
});

test('a playbook that is too large for the database is refused before anything is written', async () => {
  const large = { ...aSource('v1', { id: 'large' }), source: 'x'.repeat(1024 * 1024) };

  await expect(applySeed(documents, [aSource('v1'), large], NOW)).rejects.toMatchObject({ code: 'invalid' });
  expect(await loadPlaybook(documents, ID)).toBeUndefined();
});
