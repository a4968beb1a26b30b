import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { DocumentData, Documents } from '#ports/documents/documents.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { ADMIN, changeWorld } from '#testing/builders/change-world.ts';
import { listAuditEntries } from '../audit/audit-log.ts';
import { cachedControl, changeControl, loadControl } from './control.ts';

let documents: Documents;

beforeEach(() => {
  documents = sqliteDocuments({ file: ':memory:' });
});

afterEach(async () => {
  await documents.close();
});

async function operatorsSay(data: DocumentData): Promise<void> {
  await documents.commit([{ kind: 'set', path: 'ops_control/global', data }]);
}

describe("the operators' setting for all playbooks", () => {
  test('is to run where none was made', async () => {
    expect(await loadControl(documents)).toMatchObject({ mode: 'run' });
  });

  test('is the last one made', async () => {
    const maintenance = { mode: 'maintenance', until: null, reason: 'Moving the database', by: 'leo' };
    await operatorsSay(maintenance);

    expect(await loadControl(documents)).toEqual(maintenance);
  });

  test('is never taken for "go" when it is not readable', async () => {
    await operatorsSay({ mode: 'stop!' });

    await expect(loadControl(documents)).rejects.toMatchObject({
      code: 'unconfigured',
      message: expect.stringContaining('run, drain, maintenance or halt'),
    });
  });

  test('ends automatically at the given instant', async () => {
    const clock = fakeClock('2026-11-20T14:00:00.000Z');
    await operatorsSay({ mode: 'halt', until: new Date('2026-11-20T14:00:10.000Z'), reason: 'Fire', by: 'leo' });
    const control = cachedControl(documents, clock);

    const before = await control();
    clock.advance(10_000);
    const after = await control();

    expect([before.mode, after.mode]).toEqual(['halt', 'run']);
  });

  test('takes effect within 15 seconds', async () => {
    const clock = fakeClock();
    const control = cachedControl(documents, clock);
    await control();
    await operatorsSay({ mode: 'halt' });

    clock.advance(14_999);
    const early = await control();
    clock.advance(1);
    const late = await control();

    expect([early.mode, late.mode]).toEqual(['run', 'halt']);
  });
});

describe('a change of it', () => {
  const halt = { mode: 'halt', until: new Date('2026-11-20T15:00:00.000Z'), reason: 'Fire' } as const;
  const entries = async () => (await listAuditEntries(documents, {}, { limit: 10 })).items;

  test('says who stopped what, why and until when, and is recorded once', async () => {
    const world = changeWorld(documents);
    await changeControl(world, ADMIN, halt);

    expect(await changeControl(world, ADMIN, halt)).toEqual({ already: true });
    expect(await loadControl(documents)).toEqual({ ...halt, by: ADMIN.email });
    expect(await entries()).toMatchObject([
      {
        action: 'control_changed',
        reason: 'Fire',
        details: { before: 'run', after: 'halt', until: '2026-11-20T15:00:00.000Z' },
      },
    ]);
  });

  test('to run needs no reason, and changes nothing if playbooks run already', async () => {
    const world = changeWorld(documents);
    const run = { mode: 'run', until: null, reason: '' } as const;

    expect(await changeControl(world, ADMIN, run)).toEqual({ already: true });
    await changeControl(world, ADMIN, halt);
    expect(await changeControl(world, ADMIN, run)).toEqual({ already: false });
    expect(await loadControl(documents)).toEqual({ ...run, by: ADMIN.email });
    expect(await entries()).toHaveLength(2);
  });

  test('repairs an unreadable record', async () => {
    await operatorsSay({ mode: 'stop!' });
    await changeControl(changeWorld(documents), ADMIN, halt);

    expect(await loadControl(documents)).toMatchObject({ mode: 'halt' });
  });

  test.each([
    ['without a reason', { ...halt, reason: ' ' }],
    ['until a time that has passed', { ...halt, until: new Date('2026-11-20T14:00:00.000Z') }],
    ['until an invalid time', { ...halt, until: new Date(NaN) }],
    ['to run for a while', { ...halt, mode: 'run' as const }],
  ])('%s is refused', async (_, asked) => {
    await expect(changeControl(changeWorld(documents), ADMIN, asked)).rejects.toMatchObject({ code: 'input_invalid' });
    expect(await entries()).toEqual([]);
  });
});
