import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { changeWorld, LEO, POPS, type ChangeWorldOfTest } from '#testing/builders/change-world.ts';
import { interleaved } from '#testing/builders/interleaved-documents.ts';
import { listAuditEntries } from '../audit/audit-log.ts';
import { pausePlaybook, resumePlaybook, setEnabled } from './playbook-switches.ts';
import { loadPlaybook, playbookPath, versionPath } from './playbooks.ts';
import { applySeed, type PlaybookSource } from './seed-playbooks.ts';

const NOW = new Date('2026-11-20T14:00:00.000Z');
const inMs = (ms: number): Date => new Date(NOW.getTime() + ms);
const playbookId = 'ops_check';
const path = playbookPath(playbookId);

let documents: Documents;
let world: ChangeWorldOfTest;
beforeEach(() => {
  documents = sqliteDocuments({ file: ':memory:' });
  world = changeWorld(documents);
});
afterEach(() => documents.close());

function source(version: string, enabled = true): PlaybookSource {
  const steps = [{ id: 'health', type: 'tool_call', tool: 'getSystemHealth', with: {} }];
  const playbook = Playbook.parse({ id: playbookId, name: `Check ${version}`, enabled, steps });
  return { playbook, version, source: `id: ${playbookId}` };
}

const seed = (version: string, into = documents) => applySeed(into, [source(version)], NOW);
const deleted = () => documents.commit([{ kind: 'delete', path }]);
const slowly = (meanwhile: () => Promise<unknown>): ChangeWorldOfTest => {
  return { ...world, documents: interleaved(documents, meanwhile) };
};

describe('a playbook that changes while it is seeded', () => {
  test('because it is deleted is created anew', async () => {
    await seed('v1');

    const { playbooks } = await seed('v2', interleaved(documents, deleted));

    expect(playbooks).toMatchObject([{ version: 'v2', change: 'new', enabled: true, enabledKept: false }]);
    expect(await loadPlaybook(documents, playbookId)).toMatchObject({ version: 'v2', pause: null, enabled: true });
  });

  test.each([
    ['to the same version', 'v2', 'unchanged'],
    ['to another version', 'v3', 'changed'],
  ])('because somebody else seeds it %s ends as the last seed wants it', async (_, version, change) => {
    await seed('v1');

    const { playbooks } = await seed(
      'v2',
      interleaved(documents, () => seed(version)),
    );

    expect(playbooks).toMatchObject([{ version: 'v2', change }]);
    expect(await loadPlaybook(documents, playbookId)).toMatchObject({ version: 'v2', name: 'Check v2' });
  });

  test('because somebody else creates it first is not created twice', async () => {
    const { playbooks } = await seed(
      'v1',
      interleaved(documents, () => seed('v1')),
    );

    expect(playbooks).toMatchObject([{ change: 'unchanged' }]);
    expect((await documents.get(versionPath(playbookId, 'v1')))?.data).toMatchObject({ version: 'v1' });
  });

  test('because an operator pauses and disables it keeps what the operator did', async () => {
    await seed('v1');
    const operator = async (): Promise<void> => {
      await pausePlaybook(world, POPS, { playbookId, reason: 'It moves', until: null });
      await setEnabled(world, POPS, { playbookId, enabled: false, reason: 'It moves' });
    };

    const { playbooks } = await seed('v2', interleaved(documents, operator));

    expect(playbooks).toMatchObject([{ enabled: false, enabledKept: true }]);
    expect(await loadPlaybook(documents, playbookId)).toMatchObject({
      version: 'v2',
      enabled: false,
      pause: { reason: 'It moves', by: POPS.email },
    });
  });
});

const PAUSE = { playbookId, reason: 'It moves', until: inMs(60_000) };

describe('a pause that is made again', () => {
  test.each([
    ['in the same words', PAUSE, LEO, true],
    ['with another reason', { ...PAUSE, reason: 'It burns' }, LEO, false],
    ['with a later end', { ...PAUSE, until: inMs(60_001) }, LEO, false],
    ['with an earlier end', { ...PAUSE, until: inMs(59_999) }, LEO, false],
    ['without an end', { ...PAUSE, until: null }, LEO, false],
    ['by somebody else', PAUSE, POPS, false],
  ])('%s is already so: %s', async (_, asked, actor, already) => {
    await seed('v1');
    await pausePlaybook(world, LEO, PAUSE);

    expect(await pausePlaybook(world, actor, asked)).toEqual({ already });

    const { reason, until } = asked;
    expect((await loadPlaybook(documents, playbookId))?.pause).toEqual({ reason, until, by: actor.email });
    expect((await listAuditEntries(documents, {}, { limit: 9 })).items).toHaveLength(already ? 1 : 2);
  });

  test.each([
    [null, true],
    [inMs(1), false],
  ])('after one without an end, until %s, is already so: %s', async (until, already) => {
    await seed('v1');
    await pausePlaybook(world, LEO, { ...PAUSE, until: null });

    expect(await pausePlaybook(world, LEO, { ...PAUSE, until })).toEqual({ already });
  });
});

describe('a switch that somebody else moves at the same moment', () => {
  const off = { playbookId, enabled: false, reason: 'It moves' };
  const SWITCHES = {
    paused: (by: ChangeWorldOfTest) => pausePlaybook(by, LEO, PAUSE),
    resumed: (by: ChangeWorldOfTest) => resumePlaybook(by, LEO, { playbookId }),
    disabled: (by: ChangeWorldOfTest) => setEnabled(by, LEO, off),
    enabled: (by: ChangeWorldOfTest) => setEnabled(by, LEO, { ...off, enabled: true }),
  } as const;

  /** Prepares a playbook on which the switch has something to do. */
  async function prepared(name: keyof typeof SWITCHES): Promise<void> {
    await seed('v1');
    if (name === 'resumed') await pausePlaybook(world, POPS, PAUSE);
    if (name === 'enabled') await setEnabled(world, POPS, off);
  }

  const names = ['paused', 'resumed', 'disabled', 'enabled'] as const;
  test.each(names)('to the same place is moved once: %s', async (name) => {
    await prepared(name);

    expect(await SWITCHES[name](slowly(() => SWITCHES[name](world)))).toEqual({ already: true });

    const actions = (await listAuditEntries(documents, {}, { limit: 9 })).items.map(({ action }) => action);
    expect(actions.filter((action) => action === `playbook_${name}`)).toHaveLength(1);
  });

  test.each([
    ['paused', { pause: { reason: PAUSE.reason, until: PAUSE.until, by: LEO.email } }],
    ['resumed', { pause: null }],
    ['disabled', { enabled: false }],
    ['enabled', { enabled: true }],
  ] as const)('in the database itself is not moved again: %s', async (name, fields) => {
    await prepared(name);
    const changes = Object.entries(fields).map(([field, value]) => ({ field: [field], value }));
    const byHand = () => documents.commit([{ kind: 'update', path, changes }]);

    expect(await SWITCHES[name](slowly(byHand))).toEqual({ already: true });
  });

  test.each(names)('of another kind keeps both: %s while it is seeded anew', async (name) => {
    await prepared(name);

    expect(await SWITCHES[name](slowly(() => seed('v2')))).toEqual({ already: false });

    expect(await loadPlaybook(documents, playbookId)).toMatchObject({
      version: 'v2',
      enabled: name !== 'disabled',
      pause: name === 'paused' ? { by: LEO.email } : null,
    });
  });

  test.each(names)('of a playbook that is deleted is refused: %s', async (name) => {
    await prepared(name);

    await expect(SWITCHES[name](slowly(deleted))).rejects.toMatchObject({
      code: 'input_invalid',
      message: expect.stringContaining(playbookId),
    });
  });
});
