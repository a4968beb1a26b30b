import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DocumentsError, type Documents } from '#ports/documents/documents.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { sqliteDocuments } from './documents.ts';
import { asDocumentsError } from './failure.ts';

let folder: string;
let file: string;
let documents: Documents | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'accidents-'));
  file = join(folder, 'playbooks.db');
});
afterEach(async () => {
  await documents?.close();
  documents = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const write = { kind: 'set', path: 'c/a', data: { n: 1 } } as const;

async function opened(): Promise<Documents> {
  documents = sqliteDocuments({ file });
  await documents.commit([write]);
  return documents;
}

function removed(): void {
  for (const part of ['', '-wal', '-shm']) rmSync(`${file}${part}`, { force: true });
}

/** What opening the file says. */
function openingSays(): string {
  try {
    documents = sqliteDocuments({ file });
    return 'it is open';
  } catch (error) {
    return error instanceof DocumentsError ? error.message : 'it says nothing that belongs here';
  }
}

describe('a file that was deleted while it was open', () => {
  const says = /playbooks\.db cannot be used: the file was deleted, moved or replaced while it was open\. Restart/;

  test('is neither read nor written', async () => {
    const open = await opened();
    removed();
    await expect(open.commit([write])).rejects.toThrow(says);
    await expect(open.commit([write])).rejects.toMatchObject({ code: 'unavailable', mayBeApplied: false });
    await expect(open.get('c/a')).rejects.toThrow(says);
    await expect(open.query({ collection: 'c' })).rejects.toThrow(says);
    await expect(open.aggregate({ collection: 'c' })).rejects.toThrow(says);
    expect(existsSync(file)).toBe(false);
  });

  test('ends a watch', async () => {
    const open = await opened();
    const failed = new Promise<DocumentsError>((resolve) => {
      open.watch({ collection: 'c' }, () => undefined, resolve);
    });
    removed();
    expect((await failed).message).toMatch(says);
  });

  test('is not mistaken for the new one of another process', async () => {
    const open = await opened();
    removed();
    const other = sqliteDocuments({ file });
    await expect(open.get('c/a')).rejects.toThrow(says);
    await expect(open.commit([write])).rejects.toThrow(says);
    expect(await other.get('c/a')).toBeUndefined();
    await other.close();
  });

  test('in the middle of a commit is not said to hold it', async () => {
    const open = await opened();
    let looks = 0;
    let deletedAtLook = Infinity;
    const data = {
      get n() {
        looks += 1;
        if (looks === deletedAtLook) removed();
        return looks;
      },
    };
    const commit = (): Promise<string> => open.commit([{ kind: 'set', path: 'c/a', data }]);
    await commit();
    // The last look is that of the transaction.
    deletedAtLook = 2 * looks;
    await expect(commit()).rejects.toMatchObject({ code: 'unavailable', mayBeApplied: true });
    expect(looks).toBe(deletedAtLook);
  });

  test('is used again when it is put back', async () => {
    const open = await opened();
    renameSync(file, `${file}.away`);
    await expect(open.get('c/a')).rejects.toThrow(says);
    renameSync(`${file}.away`, file);
    expect((await open.get('c/a'))?.data).toEqual({ n: 1 });
  });

  test('is not written to either when only its log was deleted', async () => {
    const open = await opened();
    rmSync(`${file}-wal`);
    await expect(open.commit([write])).rejects.toThrow(says);
  });
});

describe('a file that cannot be opened', () => {
  test('is named with the reason where it is no database', () => {
    writeFileSync(file, 'not a database, but long enough to have a header of a hundred characters'.repeat(5));
    expect(openingSays()).toBe(
      `The database file ${file} cannot be opened: file is not a database. Move it away, so that a new one is created, or set another file.`,
    );
  });

  test('is named with the reason where it is a folder', () => {
    mkdirSync(file);
    expect(openingSays()).toMatch(
      /playbooks\.db cannot be opened: the file or its folder cannot be accessed or written \(unable to open.*Check that its folder/,
    );
  });

  test('is named with the reason where its folder is a file', () => {
    writeFileSync(join(folder, 'data'), '');
    file = join(folder, 'data', 'playbooks.db');
    expect(openingSays()).toMatch(/cannot be opened: what should be its folder is a file/);
  });
});

test('a damaged file is unavailable with what to do about it', async () => {
  const open = await opened();
  await open.commit(
    Array.from({ length: 200 }, (_, n) => ({ kind: 'set', path: `c/${n}`, data: { text: 'x'.repeat(2_000) } })),
  );
  await open.close();
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Buffer.alloc(statSync(file).size - 8_192, 0xff), 0, undefined, 8_192);
  closeSync(descriptor);
  const damaged = (): Promise<unknown> => {
    documents = sqliteDocuments({ file });
    return documents.query({ collection: 'c' });
  };
  await expect(Promise.resolve().then(damaged)).rejects.toThrow(
    /: the file is damaged \(database disk image is malformed\)\. Move it away/,
  );
});

test('a commit waits for other processes no longer than its limit, and says that it has not happened', async () => {
  const clock = fakeClock();
  documents = sqliteDocuments({ file, clock });
  const holder = new DatabaseSync(file);
  holder.exec('BEGIN IMMEDIATE');
  const startMs = clock.now().getTime();
  const refused = documents.commit([write], { timeoutMs: 700 });
  await expect(refused).rejects.toThrow('another process has kept it locked for 700 ms. Nothing was written.');
  await expect(refused).rejects.toMatchObject({ code: 'unavailable', mayBeApplied: false });
  expect(clock.now().getTime() - startMs).toBe(700);
  await expect(documents.commit([write], { timeoutMs: 60_000 })).rejects.toThrow('kept it locked for 5 seconds');
  expect(await documents.get('c/a')).toBeUndefined();
  holder.close();
});

test('a wait ends although the clock is set back meanwhile', async () => {
  const clock = fakeClock();
  const backwards = { ...clock, now: () => new Date(2 * Date.parse('2026-11-20T14:00:00Z') - clock.now().getTime()) };
  documents = sqliteDocuments({ file, clock: backwards });
  const holder = new DatabaseSync(file);
  holder.exec('BEGIN IMMEDIATE');
  await expect(documents.commit([write])).rejects.toThrow('another process has kept it locked');
  holder.close();
});

describe('the words of SQLite', () => {
  /** What SQLite itself throws when a row is written through a connection like this one. */
  function thrownBy(prepare: (path: string) => DatabaseSync): unknown {
    new DatabaseSync(file).exec('CREATE TABLE t (a)');
    const database = prepare(file);
    try {
      for (let n = 0; n < 100; n += 1) database.prepare('INSERT INTO t VALUES (?)').run('x'.repeat(5_000));
    } catch (error) {
      return error;
    } finally {
      database.close();
    }
    return undefined;
  }

  test('for a full disk are said to people', () => {
    const full = thrownBy((path) => {
      const database = new DatabaseSync(path);
      database.exec('PRAGMA max_page_count = 5');
      return database;
    });
    expect(asDocumentsError(full, file)).toMatchObject({
      code: 'unavailable',
      mayBeApplied: false,
      message: `The database file ${file} cannot be used: the disk is full (database or disk is full). Free some space; earlier writes are safe.`,
    });
  });

  test('for a file that may only be read are said to people', () => {
    const readOnly = thrownBy((path) => new DatabaseSync(path, { readOnly: true }));
    expect(asDocumentsError(readOnly, file)).toMatchObject({
      code: 'unavailable',
      mayBeApplied: false,
      message: expect.stringMatching(
        /this process may not write to it \(attempt to write a readonly database\)\. Give it/,
      ),
    });
  });

  test('are left alone where SQLite said nothing', () => {
    const bug = new TypeError('x is not a function');
    expect(asDocumentsError(bug, file)).toBe(bug);
  });
});
