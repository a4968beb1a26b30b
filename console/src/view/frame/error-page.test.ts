import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { DocumentsError, type Documents } from '#ports/documents/documents.ts';
import { openTestConsole, type TestConsole } from '#console/testing/test-console.ts';

let folder: string;
let file: string;
let documents: Documents;
let console: TestConsole;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'console-'));
  file = join(folder, 'playbooks.db');
  documents = sqliteDocuments({ file });
  console = await openTestConsole({ documents });
});
afterEach(async () => {
  await console.close();
  rmSync(folder, { recursive: true, force: true });
});

const drain = { mode: 'drain', reason: 'Maintenance of the shop' };
const words = async (response: Response): Promise<string> => (await response.text()).replaceAll(/<\/?bdi[^>]*>/g, '');

describe('a form while another process holds the database', () => {
  test('is answered 503 after about five seconds, with the reason on the page and in the log', async () => {
    const holder = new DatabaseSync(file);
    holder.exec('BEGIN IMMEDIATE');
    const startMs = performance.now();
    const response = await console.post('/control', drain);
    const tookMs = performance.now() - startMs;
    holder.close();

    expect(response.status).toBe(503);
    expect(tookMs).toBeGreaterThan(4_500);
    expect(tookMs).toBeLessThan(8_000);
    const page = await words(response);
    expect(page).toContain(
      `The database file ${file} cannot be used: another process has kept it locked for 5 seconds`,
    );
    expect(page).toContain('Nothing was saved.');
    expect(page).not.toContain('somebody else');
    expect(console.logged.join('')).toContain('another process has kept it locked for 5 seconds');
  }, 20_000);

  test('is done when the lock ends in time', async () => {
    const holder = new DatabaseSync(file);
    holder.exec('BEGIN IMMEDIATE');
    setTimeout(() => holder.close(), 1_000);
    expect((await console.post('/control', drain)).status).toBe(303);
  });
});

test('a page whose database file was deleted says so', async () => {
  for (const part of ['', '-wal', '-shm']) rmSync(`${file}${part}`, { force: true });
  const response = await console.get('/');
  expect(response.status).toBe(503);
  expect(await words(response)).toContain('the file was deleted, moved or replaced while it was open. Restart');
});

describe('a form whose commit is not answered', () => {
  /** A database whose commits go nowhere, each after what a limit of five seconds costs. */
  async function unanswered(cause: DocumentsError): Promise<string> {
    await console.close();
    const deaf: Documents = {
      ...documents,
      async commit() {
        console.clock.advance(5_000);
        throw cause;
      },
    };
    documents = sqliteDocuments({ file });
    console = await openTestConsole({
      documents: { ...deaf, get: documents.get, query: documents.query, close: documents.close },
    });
    const response = await console.post('/control', drain);
    expect(response.status).toBe(503);
    return words(response);
  }

  test('is not said to have changed nothing', async () => {
    const page = await unanswered(new DocumentsError('unavailable', 'Firestore did not answer within 5000 ms: x.'));
    expect(page).toContain('It is unknown whether this was done; check before you repeat it. Firestore did not');
    expect(page).not.toContain('Nothing was saved.');
  });

  test('that has surely not happened is said to have changed nothing', async () => {
    const page = await unanswered(new DocumentsError('unavailable', 'The disk is full.', { mayBeApplied: false }));
    expect(page).toContain('The disk is full.');
    expect(page).toContain('Nothing was saved.');
  });

  test('because the database refuses access says why', async () => {
    const page = await unanswered(new DocumentsError('denied', 'Firestore: Missing or insufficient permissions.'));
    expect(page).toContain('needs the role Cloud Datastore User');
    expect(page).toContain('Missing or insufficient permissions.');
  });
});
