import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { BenchDatabase } from './database.ts';
import { floorHeader, floorStep } from './floor-record.ts';

/** SQLite in a separate folder, which `close` deletes. */
export function openSqlite(): BenchDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'playbook-bench-'));
  const bare = new DatabaseSync(join(folder, 'floor.db'));
  const documents = sqliteDocuments({ file: join(folder, 'playbooks.db') });
  return {
    name: 'sqlite',
    documents,
    floor: bareFloor(bare),
    async close() {
      bare.close();
      await documents.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Prepared statements with the adapter's settings, each in a separate transaction. */
function bareFloor(database: DatabaseSync): BenchDatabase['floor'] {
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE TABLE floor (id TEXT PRIMARY KEY, data BLOB NOT NULL, version INTEGER NOT NULL) STRICT;`);
  const create = database.prepare('INSERT INTO floor VALUES (?, jsonb(?), 0)');
  const update = database.prepare(
    'UPDATE floor SET data = jsonb_set(data, ?, jsonb(?)), version = version + 1 WHERE id = ? AND version = ?',
  );
  return async (id, steps) => {
    create.run(id, JSON.stringify(floorHeader(id)));
    for (let index = 0; index < steps; index += 1) {
      update.run(`$.steps.step_${index}`, JSON.stringify(floorStep(index)), id, index);
    }
  };
}
