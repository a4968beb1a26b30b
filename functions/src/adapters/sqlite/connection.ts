import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { isBusy, openFailure } from './failure.ts';
import { createSchema } from './schema.ts';

const OPEN_TIMEOUT_MS = 5_000;
const OPEN_RETRY_MS = 5;
/** SQLite's own wait blocks the whole process, so it is short; `sqliteDocuments` continues to wait without blocking. */
const BUSY_TIMEOUT_MS = 1;
/** The maximum number of cached prepared statements. */
const MAX_STATEMENTS = 500;

/** One open database file. Rows come as lists of columns. */
export interface Connection {
  all(sql: string, parameters: readonly SQLInputValue[]): readonly (readonly SQLOutputValue[])[];
  first(sql: string, parameters: readonly SQLInputValue[]): readonly SQLOutputValue[] | undefined;
  /** Returns the number of changed rows. */
  run(sql: string, parameters: readonly SQLInputValue[]): number;
  /** Runs `action` between BEGIN IMMEDIATE and COMMIT; any error rolls back everything. */
  transaction<Result>(action: () => Result): Result;
  close(): void;
}

/**
 * Opens the file (created with its folder if it does not exist) or `:memory:`. Throws `unavailable` if it cannot be
 * opened, or was written by a newer version of this program.
 *
 * Journal: write-ahead log with `synchronous=NORMAL`. Commits survive the death of the process at any moment (even
 * `kill -9`); a power cut may lose the last commits but never damages the file. In return, a commit does not wait for
 * the disk.
 */
export function openConnection(file: string): Connection {
  const database = openDatabase(file);
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => preparedStatement(sql, database, statements);
  return {
    all: (sql, parameters) => rows(prepared(sql).all(...parameters)),
    first: (sql, parameters) => rows(prepared(sql).all(...parameters))[0],
    run: (sql, parameters) => Number(prepared(sql).run(...parameters).changes),
    transaction(action) {
      prepared('BEGIN IMMEDIATE').run();
      try {
        const result = action();
        prepared('COMMIT').run();
        return result;
      } catch (error) {
        if (database.isTransaction) prepared('ROLLBACK').run();
        throw error;
      }
    },
    close() {
      statements.clear();
      if (database.isOpen) database.close();
    },
  };
}

function preparedStatement(sql: string, database: DatabaseSync, statements: Map<string, StatementSync>): StatementSync {
  const known = statements.get(sql);
  if (known !== undefined) return known;
  if (statements.size >= MAX_STATEMENTS) statements.clear();
  const statement = database.prepare(sql);
  statement.setReturnArrays(true);
  statements.set(sql, statement);
  return statement;
}

function openDatabase(file: string): DatabaseSync {
  try {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
    const database = new DatabaseSync(file, { timeout: OPEN_TIMEOUT_MS });
    untilFree(() => database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;'));
    createSchema(database, file);
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    return database;
  } catch (error) {
    throw openFailure(error, file);
  }
}

/**
 * Repeats while other processes open the same new file: SQLite does not wait by itself where two of them want to change
 * the journal mode, because each would wait for the other (https://www.sqlite.org/c3ref/busy_handler.html).
 */
function untilFree(action: () => void): void {
  const untilMs = performance.now() + OPEN_TIMEOUT_MS;
  for (;;) {
    try {
      return action();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= untilMs) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, OPEN_RETRY_MS);
    }
  }
}

/** The declared type is for rows as objects; `setReturnArrays` makes them lists. */
function rows(result: readonly unknown[]): readonly (readonly SQLOutputValue[])[] {
  return result.filter((row): row is readonly SQLOutputValue[] => Array.isArray(row));
}
