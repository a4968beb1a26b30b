import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, test } from 'vitest';
import type { Documents, StoredDocument } from '#ports/documents/documents.ts';
import { fakeClock, type FakeClock } from '#testing/builders/fake-clock.ts';
import { sqliteDocuments } from './documents.ts';

const HOUR_MS = 3_600_000;
const BEFORE = '2026-11-20T14:00:00.000Z';
const SET_BACK = '2026-11-20T13:00:00.000Z';

const connections: Documents[] = [];
afterEach(async () => {
  for (const connection of connections.splice(0)) await connection.close();
});

const freshFile = (): string => join(mkdtempSync(join(tmpdir(), 'clock-')), 'playbooks.db');

function open(file: string, clock: FakeClock): Documents {
  const documents = sqliteDocuments({ file, clock });
  connections.push(documents);
  return documents;
}

const write = (documents: Documents, path: string): Promise<string> =>
  documents.commit([{ kind: 'set', path, data: { at: new Date(0) } }]);

const ageMs = (stored: StoredDocument | undefined): number =>
  stored === undefined ? Number.NaN : stored.readAt.getTime() - stored.updatedAt.getTime();

test('a document grows older although the clock was set back behind it', async () => {
  const file = freshFile();
  await write(open(file, fakeClock(BEFORE)), 'c/orphan');
  const clock = fakeClock(SET_BACK);
  const documents = open(file, clock);
  expect(ageMs(await documents.get('c/orphan'))).toBe(0);
  clock.advance(61_000);
  expect(ageMs(await documents.get('c/orphan'))).toBe(61_000);
  expect((await documents.query({ collection: 'c' })).map(ageMs)).toEqual([61_000]);
});

test('its age counts from the moment at which a process opened the file, for those that come later, too', async () => {
  const file = freshFile();
  await write(open(file, fakeClock(BEFORE)), 'c/orphan');
  const clock = fakeClock(SET_BACK);
  open(file, clock);
  clock.advance(61_000);
  expect(ageMs(await open(file, clock).get('c/orphan'))).toBe(61_000);
});

test('what is still written to stays young for every process, no matter which noticed first', async () => {
  const file = freshFile();
  await write(open(file, fakeClock(BEFORE)), 'c/held');
  const clock = fakeClock(SET_BACK);
  const [owner, other] = [open(file, clock), open(file, clock)];
  for (let renewals = 0; renewals < 10; renewals += 1) {
    clock.advance(20_000);
    expect(ageMs(await other.get('c/held'))).toBeLessThanOrEqual(20_000);
    await write(owner, 'c/held');
    expect(ageMs(await other.get('c/held'))).toBeLessThan(1);
  }
});

test('nobody is older than real when the clock is put right again', async () => {
  const file = freshFile();
  await write(open(file, fakeClock(BEFORE)), 'c/before');
  const clock = fakeClock(SET_BACK);
  const documents = open(file, clock);
  clock.advance(20_000);
  await write(documents, 'c/held');
  clock.advance(HOUR_MS + 1_000);
  expect(ageMs(await documents.get('c/held'))).toBeLessThanOrEqual(2_000);
});

test('times of commits go on from the last one, and are those of the clock again when it has caught up', async () => {
  const file = freshFile();
  const first = Number(await write(open(file, fakeClock(BEFORE)), 'c/a'));
  const clock = fakeClock(SET_BACK);
  const documents = open(file, clock);
  clock.advance(5_000);
  const second = Number(await write(documents, 'c/a'));
  expect(second - first).toBe(5_000_000);
  clock.advance(2 * HOUR_MS);
  expect(Number(await write(documents, 'c/a'))).toBe(clock.now().getTime() * 1_000);
});

test('a reader does not wait for who writes, to notice that the clock was set back', async () => {
  const file = freshFile();
  await write(open(file, fakeClock(BEFORE)), 'c/orphan');
  const holder = new DatabaseSync(file);
  holder.exec('BEGIN IMMEDIATE');
  const clock = fakeClock(SET_BACK);
  const documents = open(file, clock);
  expect(ageMs(await documents.get('c/orphan'))).toBe(0);
  expect(clock.now()).toEqual(new Date(SET_BACK));
  holder.exec('ROLLBACK');
  holder.close();
  await documents.get('c/orphan');
  clock.advance(30_000);
  expect(ageMs(await documents.get('c/orphan'))).toBe(30_000);
});
