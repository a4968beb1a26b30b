import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { ADMIN, changeWorld, LEO, POPS, type ChangeWorldOfTest } from '#testing/builders/change-world.ts';
import { interleaved } from '#testing/builders/interleaved-documents.ts';
import { listAuditEntries } from '../audit/audit-log.ts';
import { changeControl, CONTROL_PATH, controlAt, loadControl, type ControlRequest } from './control.ts';

let documents: Documents;
let world: ChangeWorldOfTest;
beforeEach(() => {
  documents = sqliteDocuments({ file: ':memory:' });
  world = changeWorld(documents);
});
afterEach(() => documents.close());

const NOW_MS = Date.parse('2026-11-20T14:00:00.000Z');
const inMs = (ms: number): Date => new Date(NOW_MS + ms);
const FIRE: ControlRequest = { mode: 'halt', until: inMs(60_000), reason: 'Fire' };
const RUN: ControlRequest = { mode: 'run', until: null, reason: '' };

async function changes(): Promise<readonly unknown[]> {
  const { items } = await listAuditEntries(documents, {}, { limit: 50 });
  return items.map(({ details }) => details).toReversed();
}

describe('a setting for all playbooks', () => {
  test.each<readonly [string, ControlRequest, boolean]>([
    ['the same words', FIRE, true],
    ['another mode', { ...FIRE, mode: 'drain' }, false],
    ['another mode yet', { ...FIRE, mode: 'maintenance' }, false],
    ['another reason', { ...FIRE, reason: 'Water' }, false],
    ['an earlier end', { ...FIRE, until: inMs(59_999) }, false],
    ['a later end', { ...FIRE, until: inMs(60_001) }, false],
    ['no end', { ...FIRE, until: null }, false],
    ['to run', RUN, false],
  ])('made again with %s is already in effect: %s', async (_, request, already) => {
    await changeControl(world, LEO, FIRE);

    expect(await changeControl(world, LEO, request)).toEqual({ already });
    expect(await loadControl(documents)).toEqual({ ...request, by: LEO.email });
    expect(await changes()).toHaveLength(already ? 1 : 2);
  });

  test.each<readonly [ControlRequest, boolean]>([
    [RUN, true],
    [{ ...RUN, reason: 'It is over' }, true],
    [{ ...FIRE, until: null }, false],
  ])('of a platform that runs is already in effect where it is to run: %j', async (request, already) => {
    expect(await changeControl(world, LEO, request)).toEqual({ already });
    expect(await changes()).toHaveLength(already ? 0 : 1);
  });

  test('made by another person in the same words is already in effect, and keeps who made it', async () => {
    await changeControl(world, LEO, FIRE);

    expect(await changeControl(world, ADMIN, FIRE)).toEqual({ already: true });
    expect(await loadControl(documents)).toMatchObject({ by: LEO.email });
  });

  test.each([
    [59_999, true],
    [60_000, false],
    [60_001, false],
  ])('that ran out is not in effect any more, %i ms later: to run is already so: %s', async (ms, isHalted) => {
    await changeControl(world, LEO, FIRE);
    world.clock.advance(ms);

    expect(controlAt(await loadControl(documents), world.clock.now()).mode).toBe(isHalted ? 'halt' : 'run');
    expect(await changeControl(world, LEO, RUN)).toEqual({ already: !isHalted });
  });

  test('that ran out can be made again in the same words, but for its end', async () => {
    await changeControl(world, LEO, FIRE);
    world.clock.advance(60_000);

    const again = { ...FIRE, until: inMs(120_000) };
    expect(await changeControl(world, LEO, again)).toEqual({ already: false });
    await expect(changeControl(world, LEO, FIRE)).rejects.toMatchObject({ code: 'input_invalid' });
    expect(await loadControl(documents)).toMatchObject({ mode: 'halt', until: inMs(120_000) });
  });

  test('whose end has passed is refused, and not called already in effect', async () => {
    await changeControl(world, LEO, FIRE);
    world.clock.advance(60_001);

    await expect(changeControl(world, LEO, FIRE)).rejects.toMatchObject({ code: 'input_invalid' });
  });

  test.each<readonly [string, ControlRequest]>([
    ['ends a millisecond from now', { ...FIRE, until: inMs(1) }],
    ['has a reason of a letter', { ...FIRE, reason: 'x' }],
    ['has a reason of 500 letters', { ...FIRE, reason: 'x'.repeat(500) }],
  ])('that %s is accepted', async (_, request) => {
    expect(await changeControl(world, LEO, request)).toEqual({ already: false });
  });

  test.each<readonly [string, ControlRequest]>([
    ['ended a millisecond ago', { ...FIRE, until: inMs(-1) }],
    ['ends now', { ...FIRE, until: inMs(0) }],
    ['ends never, because there is no such day', { ...FIRE, until: new Date(Number.NaN) }],
    ['has no reason', { ...FIRE, reason: ' ' }],
    ['has a reason of 501 letters', { ...FIRE, reason: 'x'.repeat(501) }],
    ['is to run, and has an end', { ...RUN, until: inMs(1) }],
  ])('that %s is refused', async (_, request) => {
    await expect(changeControl(world, LEO, request)).rejects.toMatchObject({ code: 'input_invalid' });
    expect(await changes()).toEqual([]);
  });
});

describe('two operators at once', () => {
  const drain: ControlRequest = { mode: 'drain', until: null, reason: 'Deployment' };

  test.each([
    ['where none was made before', false],
    ['where one was made before', true],
  ])('both leave an entry, and the second knows what it replaces: %s', async (_, exists) => {
    if (exists) await changeControl(world, LEO, { ...FIRE, mode: 'maintenance' });
    const meanwhile = () => changeControl(world, POPS, drain);
    const slow = { ...world, documents: interleaved(documents, meanwhile) };

    expect(await changeControl(slow, LEO, FIRE)).toEqual({ already: false });

    expect(await loadControl(documents)).toMatchObject({ mode: 'halt', by: LEO.email });
    expect((await changes()).slice(-2)).toMatchObject([
      { before: exists ? 'maintenance' : 'run', after: 'drain' },
      { before: 'drain', after: 'halt' },
    ]);
  });

  test('who want the same change it once', async () => {
    const meanwhile = () => changeControl(world, POPS, drain);
    const slow = { ...world, documents: interleaved(documents, meanwhile) };

    expect(await changeControl(slow, LEO, drain)).toEqual({ already: true });
    expect(await changes()).toHaveLength(1);
  });

  test.each([
    ['to something else', { mode: 'halt', until: null, reason: 'Repair', by: 'db' }, false, 'halt'],
    ['to the same', { mode: 'drain', until: null, reason: 'Deployment', by: 'db' }, true, 'maintenance'],
  ])('of whom one edits the database %s are both seen', async (_, data, already, before) => {
    await changeControl(world, LEO, { ...FIRE, mode: 'maintenance' });
    const meanwhile = () => documents.commit([{ kind: 'set', path: CONTROL_PATH, data }]);
    const slow = { ...world, documents: interleaved(documents, meanwhile) };

    expect(await changeControl(slow, LEO, drain)).toEqual({ already });

    expect(await loadControl(documents)).toMatchObject({ mode: 'drain', by: already ? 'db' : LEO.email });
    const last = already ? { before: 'run', after: before } : { before, after: 'drain' };
    expect((await changes()).at(-1)).toMatchObject(last);
  });

  test('of whom one deletes the setting do not leave it out', async () => {
    await changeControl(world, LEO, FIRE);
    const meanwhile = () => documents.commit([{ kind: 'delete', path: CONTROL_PATH }]);
    const slow = { ...world, documents: interleaved(documents, meanwhile) };

    expect(await changeControl(slow, LEO, drain)).toEqual({ already: false });
    expect(await loadControl(documents)).toMatchObject({ mode: 'drain' });
  });
});
