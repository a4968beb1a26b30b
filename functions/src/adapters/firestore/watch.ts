import type * as Admin from 'firebase-admin/firestore';
import { checkQuery } from '#ports/documents/document-query.ts';
import type { Documents, StoredDocument } from '#ports/documents/documents.ts';
import type { BoundedCalls } from './bounded-calls.ts';
import type { Client } from './client.ts';
import { asDocumentsError } from './failure.ts';
import { pagedQuery } from './firestore-query.ts';
import { keepAsking } from './keep-asking.ts';
import { listenThroughout, type Listen } from './listen-throughout.ts';
import { storedDocument } from './values.ts';

/** `watch` of the documents port, for all watchers that share the same calls. */
export function watching(calls: BoundedCalls): Documents['watch'] {
  const beginAsking = keepAsking(calls);
  return (query, next, failed) => {
    const checked = checkQuery(query);
    const stopAsking = beginAsking();
    let hasEnded = false;
    let leave = (): void => undefined;

    function end(): void {
      if (hasEnded) return;
      hasEnded = true;
      stopAsking();
      leave();
    }
    function fail(error: unknown): void {
      if (hasEnded) return;
      end();
      failed(asDocumentsError(error, 'read', `watching ${query.collection}`));
    }
    const listen: Listen = (client, connection) =>
      pagedQuery(checked, client).onSnapshot((snapshot) => {
        connection.heard();
        if (!hasEnded) next(found(snapshot, client, checked.select));
      }, fail);

    if (calls.connection() === undefined) queueMicrotask(() => fail(new Error('the connection is closed')));
    leave = listenThroughout(calls, listen, { closed: end, failed: fail });
    return end;
  };
}

function found(
  { docs, readTime }: Admin.QuerySnapshot,
  { sdk }: Client,
  names: readonly string[] | undefined,
): readonly StoredDocument[] {
  const documents = docs.map((snapshot) => storedDocument(snapshot, snapshot.updateTime, readTime, sdk));
  return names === undefined ? documents : documents.map((document) => selected(document, names));
}

function selected(document: StoredDocument, names: readonly string[]): StoredDocument {
  const kept = Object.entries(document.data).filter(([name]) => names.includes(name));
  return { ...document, data: Object.fromEntries(kept) };
}
