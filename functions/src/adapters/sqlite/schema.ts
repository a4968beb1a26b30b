import type { DatabaseSync } from 'node:sqlite';
import { DocumentsError } from '#ports/documents/documents.ts';
import { indexSql } from './indexes.ts';
import { fillListIndexesSql, listIndexSql } from './list-indexes.ts';

/** 2 added the entries of lists and changed indexes; 3 added the offset of a clock that was set back. */
const SCHEMA_VERSION = 3;

/**
 * Creates the tables and indexes of a new file, and updates those of an older one, in one transaction: this may take a
 * moment for a large file, and other processes wait meanwhile. Throws `unavailable` for a file written by a newer
 * version of this program.
 */
export function createSchema(database: DatabaseSync, file: string): void {
  if (versionOf(database, file) === SCHEMA_VERSION) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    // Checked again, because another process may have done it while this one waited.
    const version = versionOf(database, file);
    if (version !== SCHEMA_VERSION) {
      for (const name of indexNames(database)) database.exec(`DROP INDEX ${name}`);
      database.exec(upgradeSql(version));
    }
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function versionOf(database: DatabaseSync, file: string): number {
  const version = Number(Object.values(database.prepare('PRAGMA user_version').get() ?? {})[0] ?? 0);
  if (version <= SCHEMA_VERSION) return version;
  throw new DocumentsError(
    'unavailable',
    `The database file ${file} has the schema ${version}, but this version supports ${SCHEMA_VERSION}; use the version that wrote it.`,
  );
}

/** Our own indexes, whose columns may have changed, without those that SQLite creates for primary keys. */
function indexNames(database: DatabaseSync): readonly string[] {
  const rows = database.prepare("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").all();
  return rows.map(({ name }) => String(name));
}

function upgradeSql(from: number): string {
  return `
    CREATE TABLE IF NOT EXISTS documents (
      collection TEXT NOT NULL,
      id TEXT NOT NULL,
      data BLOB NOT NULL,
      update_time INTEGER NOT NULL,
      bytes_at_most INTEGER NOT NULL,
      PRIMARY KEY (collection, id)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS commits (only INTEGER PRIMARY KEY CHECK (only = 1), last_time INTEGER NOT NULL) STRICT;
    ALTER TABLE commits ADD COLUMN ahead INTEGER NOT NULL DEFAULT 0;
    INSERT OR IGNORE INTO commits VALUES (1, 0, 0);
    ${indexSql()}
    ${listIndexSql()}
    ${from === 1 ? fillListIndexesSql() : ''}
    PRAGMA user_version = ${SCHEMA_VERSION};`;
}
