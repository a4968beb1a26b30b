import type * as Admin from 'firebase-admin/firestore';
import type { CheckedQuery } from '#ports/documents/document-query.ts';
import type { Client } from './client.ts';

/** The SDK query for a checked query, with its complete order, so that a cursor covers every part of it. */
export function pagedQuery(query: CheckedQuery, client: Client): Admin.Query {
  const { documentId } = client.sdk.FieldPath;
  let asked = matchingQuery(query, client).orderBy(documentId(), query.idDirection);
  if (query.startAfter !== undefined) asked = asked.startAfter(...query.startAfter.values, query.startAfter.id);
  return query.limit === undefined ? asked : asked.limit(query.limit);
}

/**
 * Like `pagedQuery`, but only the selected fields. Not for listening: Firestore refuses to watch a selection, though
 * its emulator does not.
 */
export function selectingQuery(query: CheckedQuery, client: Client): Admin.Query {
  const asked = pagedQuery(query, client);
  if (query.select === undefined) return asked;
  return asked.select(...query.select.map((name) => new client.sdk.FieldPath(name)));
}

/**
 * All results of a checked query, regardless of the page. Not ordered by id, which Firestore does not support for sums.
 */
export function matchingQuery(query: CheckedQuery, { db, sdk }: Client): Admin.Query {
  let asked: Admin.Query = db.collection(query.collection);
  for (const { field, op, values } of query.where) {
    asked = asked.where(new sdk.FieldPath(...field), op, op === 'in' ? values : values[0]);
  }
  for (const { field, direction } of query.orderBy) asked = asked.orderBy(new sdk.FieldPath(...field), direction);
  return asked;
}
