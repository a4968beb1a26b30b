import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { Query } from '#ports/documents/documents.ts';
import { sqliteDocuments } from './documents.ts';
import { encode } from './encoding.ts';

/** A file as schema 1 made it, with two of its indexes and some executions. */
function fileOfVersion1(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'documents-')), 'old.sqlite');
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA journal_mode = WAL;
    CREATE TABLE documents (collection TEXT NOT NULL, id TEXT NOT NULL, data BLOB NOT NULL, update_time INTEGER NOT NULL,
      bytes_at_most INTEGER NOT NULL, PRIMARY KEY (collection, id)) STRICT;
    CREATE TABLE commits (only INTEGER PRIMARY KEY CHECK (only = 1), last_time INTEGER NOT NULL) STRICT;
    INSERT INTO commits VALUES (1, 7);
    CREATE INDEX playbook_executions_by_startedAt ON documents (collection, id);
    CREATE INDEX playbook_executions_by_playbookId_by_status_by_startedAt ON documents (collection, id);
    PRAGMA user_version = 1;`);
  const insert = database.prepare('INSERT INTO documents VALUES (?, ?, jsonb(?), 7, 500)');
  for (let n = 0; n < 5; n += 1) {
    const data = { startedAt: new Date(n), facets: n === 2 ? ['rare', 'common'] : ['common'] };
    insert.run('playbook_executions', `e${n}`, encode(data));
  }
  insert.run('playbook_executions', 'without', encode({ startedAt: new Date(0) }));
  insert.run('other', 'o', encode({ startedAt: new Date(0), facets: ['rare'] }));
  database.close();
  return file;
}

function schemaOf(file: string): readonly unknown[] {
  const database = new DatabaseSync(file);
  const rows = database.prepare('SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name').all();
  const version = database.prepare('PRAGMA user_version').get();
  database.close();
  return [version, ...rows.filter(({ name }) => name !== 'documents' && name !== 'commits')];
}

test('a file of version 1 gets the tables and indexes of a new one', async () => {
  const [old, fresh] = [fileOfVersion1(), join(mkdtempSync(join(tmpdir(), 'documents-')), 'new.sqlite')];
  await sqliteDocuments({ file: old }).close();
  await sqliteDocuments({ file: fresh }).close();
  expect(schemaOf(old)).toEqual(schemaOf(fresh));
});

test('what a file of version 1 holds is found by what its lists hold, and keeps its versions', async () => {
  const documents = sqliteDocuments({ file: fileOfVersion1() });
  const query: Query = {
    collection: 'playbook_executions',
    where: [{ field: 'facets', op: 'array-contains', value: 'common' }],
    orderBy: [{ field: 'startedAt', direction: 'desc' }],
  };
  expect((await documents.query(query)).map(({ id }) => id)).toEqual(['e4', 'e3', 'e2', 'e1', 'e0']);
  const rare = { ...query, where: [{ field: 'facets', op: 'array-contains', value: 'rare' }] } as const;
  expect((await documents.query(rare)).map(({ id, updateTime }) => [id, updateTime])).toEqual([['e2', '7']]);
  await documents.commit([{ kind: 'delete', path: 'playbook_executions/e2' }]);
  expect(await documents.query(rare)).toEqual([]);
  await documents.close();
});

test('an upgrade that cannot be finished leaves the file of version 1 as it was', async () => {
  const file = fileOfVersion1();
  const database = new DatabaseSync(file);
  database.exec("INSERT INTO documents VALUES ('playbook_executions', 'broken', x'ff', 7, 500)");
  database.close();
  const before = schemaOf(file);
  expect(() => sqliteDocuments({ file })).toThrow('cannot be opened');
  expect(schemaOf(file)).toEqual(before);
});
