import type { checkAggregate, CheckedQuery } from '#ports/documents/document-query.ts';
import type { Documents, StoredDocument } from '#ports/documents/documents.ts';
import type { Connection } from './connection.ts';
import { readTime } from './database-time.ts';
import { decode } from './encoding.ts';
import { aggregateSql, jsonColumns, selectSql } from './query-sql.ts';

/** The document of this path, or undefined. */
export function readOne(
  connection: Connection,
  { collection, id }: { readonly collection: string; readonly id: string },
  now: Date,
): StoredDocument | undefined {
  const sql = 'SELECT id, update_time, json(data) FROM documents WHERE collection = ? AND id = ?';
  const row = connection.first(sql, [collection, id]);
  return row === undefined ? undefined : storedDocument(collection, row, readTime(connection, now, Number(row[1])));
}

/** The result of a query, in order. */
export function readAll(connection: Connection, query: CheckedQuery, now: Date): readonly StoredDocument[] {
  const { collection, select } = query;
  const { text, parameters } = selectSql(query, ['id', 'update_time', ...jsonColumns(select)].join(', '));
  const rows = connection.all(text, parameters);
  const newestUs = rows.reduce((newest, [, updateTime]) => Math.max(newest, Number(updateTime)), 0);
  const readAt = readTime(connection, now, newestUs);
  return rows.map(([id, updateTime, ...json]) => {
    const whole = select === undefined ? json[0] : objectOf(select, json);
    return storedDocument(collection, [id, updateTime, whole], readAt);
  });
}

/** The JSON text of a document with these fields. A missing field is NULL. */
function objectOf(names: readonly string[], json: readonly unknown[]): string {
  const there = names.flatMap((name, index) => {
    const text = json[index];
    return typeof text === 'string' ? [`${JSON.stringify(name)}:${text}`] : [];
  });
  return `{${there.join()}}`;
}

/** The count and the sums of a query's result. */
export function readAggregate(
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

function storedDocument(collection: string, [id, updateTime, json]: readonly unknown[], readAt: Date): StoredDocument {
  const updatedAtMs = Math.floor(Number(updateTime) / 1000);
  return {
    path: `${collection}/${String(id)}`,
    id: String(id),
    data: decode(String(json)),
    updateTime: String(updateTime),
    updatedAt: new Date(updatedAtMs),
    readAt,
  };
}
