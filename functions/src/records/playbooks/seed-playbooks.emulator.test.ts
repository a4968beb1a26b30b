import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { firestoreDocuments } from '#adapters/firestore/documents.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import { loadPlaybook, loadVersion, playbookPath } from './playbooks.ts';
import { applySeed, type PlaybookSource } from './seed-playbooks.ts';

const NOW = new Date('2026-11-20T14:00:00.000Z');
const documents = firestoreDocuments({ projectId: `demo-seed-${randomUUID().slice(0, 8)}` });

afterAll(async () => {
  await documents.close();
});

function aSource(id: string, version: string): PlaybookSource {
  const body = { values: [[1, 2], [3]], '': 'odd name', 'a.b': { __odd__: null } };
  const steps = [{ id: 'append', type: 'tool_call', tool: 'httpRequest', with: { body } }];
  return { playbook: Playbook.parse({ id, name: `Playbook ${version}`, steps }), version, source: `id: ${id}` };
}

test('Firestore stores a complete definition, including structures that it would refuse', async () => {
  await applySeed(documents, [aSource('whole', 'v1')], NOW);

  expect((await loadPlaybook(documents, 'whole'))?.definition).toEqual(aSource('whole', 'v1').playbook);
  expect(await loadVersion(documents, 'whole', 'v1')).toEqual(aSource('whole', 'v1').playbook);
});

test('10 simultaneous seeds on Firestore create each playbook once', async () => {
  const sources = ['one', 'two', 'three'].map((id) => aSource(id, 'v1'));

  const reports = await Promise.all(Array.from({ length: 10 }, () => applySeed(documents, sources, NOW)));

  const created = reports.flatMap(({ playbooks }) => playbooks).filter(({ change }) => change === 'new');
  expect(created.map(({ id }) => id).toSorted()).toEqual(['one', 'three', 'two']);
});

test("a re-seed on Firestore keeps an operator's switch", async () => {
  await applySeed(documents, [aSource('kept', 'v1')], NOW);
  const changes = [{ field: ['enabled'], value: false }];
  await documents.commit([{ kind: 'update', path: playbookPath('kept'), changes }]);

  await applySeed(documents, [aSource('kept', 'v2')], NOW);

  expect(await loadPlaybook(documents, 'kept')).toMatchObject({ version: 'v2', enabled: false });
});
