import type { Clock } from '../../engine/clock.ts';
import { parseDocumentPath } from '../../ports/document-path.ts';
import { checkAggregate, checkQuery } from '../../ports/document-query.ts';
import type { CheckedQuery } from '../../ports/document-query.ts';
import { checkWrites } from '../../ports/document-writes.ts';
import { DocumentsError } from '../../ports/documents.ts';
import type { Documents, StoredDocument } from '../../ports/documents.ts';
import { systemClock } from '../system-clock.ts';
import { applyWrite } from './apply-write.ts';
import { openConnection } from './connection.ts';
import type { Connection } from './connection.ts';
import { decode } from './encoding.ts';
import { aggregateSql, jsonColumns, selectSql } from './query-sql.ts';
import { waitWhileBusy } from './wait-while-busy.ts';
import { watchers } from './watch.ts';

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
    return waitWhileBusy(clock, options.file, () => {
      if (closed) throw new DocumentsError('unavailable', `The database ${options.file} is closed.`);
      return action();
    });
  }

  const read = (query: CheckedQuery): readonly StoredDocument[] => readAll(connection, query, clock.now());

  return {
    async get(path) {
      const { collection, id } = parseDocumentPath(path);
      const sql = 'SELECT id, update_time, json(data) FROM documents WHERE collection = ? AND id = ?';
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
      return whenFree(() => readAggregate(connection, checked, sums));
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

function readAll(connection: Connection, query: CheckedQuery, readAt: Date): readonly StoredDocument[] {
  const { collection, select } = query;
  const { text, parameters } = selectSql(query, ['id', 'update_time', ...jsonColumns(select)].join(', '));
  return connection.all(text, parameters).map(([id, updateTime, ...json]) => {
    const whole = select === undefined ? json[0] : objectOf(select, json);
    return storedDocument(collection, [id, updateTime, whole], readAt);
  });
}

/** The JSON text of a document with these fields. A field that the document lacks is NULL. */
function objectOf(names: readonly string[], json: readonly unknown[]): string {
  const there = names.flatMap((name, index) => {
    const text = json[index];
    return typeof text === 'string' ? [`${JSON.stringify(name)}:${text}`] : [];
  });
  return `{${there.join()}}`;
}

function readAggregate(
  connection: Connection,
  { query, fields }: ReturnType<typeof checkAggregate>,
  sums: readonly string[],
): Awaited<ReturnType<Documents['aggregate']>> {
  const { text, parameters } = aggregateSql(query, fields);
  const [count, ...totals] = connection.first(text, parameters) ?? [];
  return {
    count: Number(count),
    sums: Object.fromEntries(sums.map((field, index) => [field, Number(totals[index])])),
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

function storedDocument(collection: string, [id, updateTime, json]: readonly unknown[], readAt: Date): StoredDocument {
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
