import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../engine/clock.ts';
import { parseDocumentPath } from '../../ports/document-path.ts';
import { checkAggregate, checkQuery } from '../../ports/document-query.ts';
import type { CheckedQuery } from '../../ports/document-query.ts';
import { checkWrites } from '../../ports/document-writes.ts';
import { DocumentsError } from '../../ports/documents.ts';
import type { Documents, StoredDocument } from '../../ports/documents.ts';
import { applyWrite } from './apply-write.ts';
import { openConnection } from './connection.ts';
import type { Connection } from './connection.ts';
import { decode } from './encoding.ts';
import { aggregateSql, selectSql } from './query-sql.ts';
import type { Sql } from './query-sql.ts';
import { watchers } from './watch.ts';

const BUSY_LIMIT_MS = 5_000;
const SQLITE_BUSY = 5;

const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (delayMs, signal) => delay(delayMs, undefined, signal === undefined ? {} : { signal }),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

/**
 * The documents port on one SQLite file (or `:memory:`), which several processes may use at the same time. Throws
 * `unavailable` when the file cannot be opened. A commit that other processes hold up for 5 seconds throws
 * `unavailable` and has not happened. See `openConnection` for what survives which accident.
 */
export function sqliteDocuments(options: { readonly file: string; readonly clock?: Clock }): Documents {
  const clock = options.clock ?? systemClock;
  const connection = openConnection(options.file);
  let closed = false;
  let ownCommits = 0;
  const watching = watchers(() => `${ownCommits}/${otherCommits(connection)}`, clock);

  async function whenFree<Result>(action: () => Result): Promise<Result> {
    const startMs = clock.now().getTime();
    for (;;) {
      if (closed) throw new DocumentsError('unavailable', `The database ${options.file} is closed.`);
      try {
        return action();
      } catch (error) {
        if (!isBusy(error)) throw asDocumentsError(error, options.file);
        if (clock.now().getTime() - startMs >= BUSY_LIMIT_MS) throw asDocumentsError(error, options.file);
      }
      await clock.sleep(5 + Math.random() * 15);
    }
  }

  function read(query: CheckedQuery): readonly StoredDocument[] {
    const readAt = clock.now();
    return allOf(connection, selectSql(query, 'id, json(data), update_time')).map((row) =>
      storedDocument(query.collection, row, readAt),
    );
  }

  return {
    async get(path) {
      const { collection, id } = parseDocumentPath(path);
      const sql = 'SELECT id, json(data), update_time FROM documents WHERE collection = ? AND id = ?';
      return whenFree(() => {
        const row = connection.first(sql, [collection, id]);
        return row === undefined ? undefined : storedDocument(collection, row, clock.now());
      });
    },
    async commit(writes) {
      const checked = checkWrites(writes);
      const timeUs = await whenFree(() =>
        connection.transaction(() => {
          const commitUs = nextCommitTime(connection, clock.now());
          for (const write of checked) applyWrite(connection, write, commitUs);
          return commitUs;
        }),
      );
      ownCommits += 1;
      watching.wake();
      return String(timeUs);
    },
    async query(query) {
      const checked = checkQuery(query);
      return whenFree(() => read(checked));
    },
    async aggregate(query, sums = []) {
      const checked = checkAggregate(query, sums);
      const sql = aggregateSql(checked.query, checked.fields);
      const [count, ...totals] = (await whenFree(() => allOf(connection, sql)))[0] ?? [];
      return {
        count: Number(count),
        sums: Object.fromEntries(sums.map((field, index) => [field, Number(totals[index])])),
      };
    },
    watch(query, next, failed) {
      const checked = checkQuery(query);
      return watching.add({ read: () => read(checked), next, failed });
    },
    async close() {
      closed = true;
      watching.close();
      connection.close();
    },
  };
}

/** Commit times are the clock's microseconds, and later than every commit before, so that no version has its token twice. */
function nextCommitTime(connection: Connection, now: Date): number {
  const sql = 'UPDATE commits SET last_time = max(last_time + 1, ?) RETURNING last_time';
  return Number(connection.first(sql, [now.getTime() * 1000])?.[0]);
}

function otherCommits(connection: Connection): string {
  return String(connection.first('PRAGMA data_version', [])?.[0]);
}

function allOf(connection: Connection, { text, parameters }: Sql): readonly (readonly unknown[])[] {
  return connection.all(text, parameters);
}

function storedDocument(collection: string, [id, json, updateTime]: readonly unknown[], readAt: Date): StoredDocument {
  const updatedAtMs = Math.floor(Number(updateTime) / 1000);
  return {
    path: `${collection}/${String(id)}`,
    id: String(id),
    data: decode(String(json)),
    updateTime: String(updateTime),
    updatedAt: new Date(updatedAtMs),
    readAt: new Date(Math.max(readAt.getTime(), updatedAtMs)),
  };
}

function isBusy(error: unknown): boolean {
  // Extended codes keep the plain one in their lowest byte.
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
}

function asDocumentsError(error: unknown, file: string): unknown {
  if (!(error instanceof Error && 'errcode' in error)) return error;
  const why = isBusy(error) ? 'other processes have kept it busy for 5 seconds' : error.message;
  return new DocumentsError('unavailable', `The database ${file} cannot be used: ${why}.`, { cause: error });
}
