import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { changeWorld, type ChangeWorldOfTest, LEO, POPS, withMeanwhile } from '#testing/builders/change-world.ts';
import { listAuditEntries } from '../audit/audit-log.ts';
import { pausePlaybook, resumePlaybook, setEnabled } from './playbook-switches.ts';
import { loadPlaybook } from './playbooks.ts';
import { applySeed } from './seed-playbooks.ts';

const NOW = new Date('2026-11-20T14:00:00.000Z');
const TOMORROW = new Date('2026-11-21T14:00:00.000Z');
const playbookId = 'ops_check';

let documents: Documents;
let world: ChangeWorldOfTest;

beforeEach(async () => {
  documents = sqliteDocuments({ file: ':memory:' });
  world = changeWorld(documents);
  await seed('v1');
});

afterEach(async () => {
  await documents.close();
});

async function seed(version: string, enabled = true): Promise<void> {
  const steps = [{ id: 'health', type: 'tool_call', tool: 'getSystemHealth', with: {} }];
  const playbook = Playbook.parse({ id: playbookId, name: 'Check', enabled, steps });
  await applySeed(documents, [{ playbook, version, source: '' }], NOW);
}

async function actions(): Promise<readonly string[]> {
  return (await listAuditEntries(documents, {}, { limit: 50 })).items.map(({ action }) => action);
}

const pause = (until: Date | null, reason = 'The provider moves', actor = LEO) =>
  pausePlaybook(world, actor, { playbookId, reason, until });

describe('a pause', () => {
  test('says who, why and until when, and is recorded once', async () => {
    expect(await pause(TOMORROW)).toEqual({ already: false });
    expect(await pause(TOMORROW)).toEqual({ already: true });

    const said = { reason: 'The provider moves', until: TOMORROW, by: LEO.email };
    expect((await loadPlaybook(documents, playbookId))?.pause).toEqual(said);
    expect((await listAuditEntries(documents, {}, { limit: 9 })).items).toMatchObject([
      {
        action: 'playbook_paused',
        target: { kind: 'playbook', id: playbookId, name: 'Check' },
        reason: said.reason,
        details: { until: TOMORROW.toISOString() },
      },
    ]);
  });

  test('without an end applies until it is resumed, once', async () => {
    await pause(null);

    expect(await resumePlaybook(world, POPS, { playbookId })).toEqual({ already: false });
    expect(await resumePlaybook(world, POPS, { playbookId })).toEqual({ already: true });
    expect((await loadPlaybook(documents, playbookId))?.pause).toBeNull();
    expect(await actions()).toHaveLength(2);
  });

  test.each([
    ['without a reason', TOMORROW, '\u200b '],
    ['with too long a reason', TOMORROW, 'x'.repeat(501)],
    ['until a time that has passed', NOW, 'Late'],
    ['until an invalid time', new Date(NaN), 'Never'],
  ])('%s is refused', async (_, until, reason) => {
    await expect(pause(until, reason)).rejects.toMatchObject({ code: 'input_invalid' });
    expect(await actions()).toEqual([]);
  });

  test.each(['ops_other', '', 'ops_check/versions/v1', '..'])(
    'of %j, which is not a playbook, is refused',
    async (id) => {
      await expect(resumePlaybook(world, LEO, { playbookId: id })).rejects.toMatchObject({ code: 'input_invalid' });
    },
  );
});

describe('a switch', () => {
  const off = { playbookId, enabled: false, reason: 'Not needed' };

  test('turns a playbook off and on again, each recorded once', async () => {
    await setEnabled(world, LEO, off);

    expect(await setEnabled(world, LEO, off)).toEqual({ already: true });
    expect((await loadPlaybook(documents, playbookId))?.enabled).toBe(false);
    await setEnabled(world, LEO, { ...off, enabled: true });
    expect((await actions()).toSorted()).toEqual(['playbook_disabled', 'playbook_enabled']);
  });

  test('thrown twice at the same moment is recorded once', async () => {
    const slow = changeWorld(withMeanwhile(documents, () => setEnabled(world, POPS, off)));

    expect(await setEnabled(slow, LEO, off)).toEqual({ already: true });
    expect(await actions()).toEqual(['playbook_disabled']);
  });

  test('and a pause stay unchanged when the playbook is seeded again', async () => {
    await setEnabled(world, LEO, off);
    await pause(null);
    await seed('v2');

    expect(await loadPlaybook(documents, playbookId)).toMatchObject({
      version: 'v2',
      enabled: false,
      pause: { by: LEO.email },
    });
  });

  test('and 20 seeds and pauses at the same moment lose none of these changes', async () => {
    const reasons = Array.from({ length: 10 }, (_, index) => `Reason ${index}`);
    await Promise.all(
      reasons.flatMap((reason, index) => [pause(null, reason), seed(`v${index + 2}`), setEnabled(world, LEO, off)]),
    );

    const record = await loadPlaybook(documents, playbookId);
    expect(record).toMatchObject({ enabled: false, version: expect.stringMatching(/^v\d+$/) });
    expect(reasons).toContain(record?.pause?.reason);
    expect(await actions()).toHaveLength(11);
  });
});
