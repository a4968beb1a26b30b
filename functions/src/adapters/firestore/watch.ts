import type * as Admin from 'firebase-admin/firestore';
import { checkQuery } from '#ports/documents/document-query.ts';
import type { Documents, StoredDocument } from '#ports/documents/documents.ts';
import type { BoundedCalls } from './bounded-calls.ts';
import type { Client } from './client.ts';
import type { Connection } from './connections.ts';
import { asDocumentsError } from './failure.ts';
import { pagedQuery } from './firestore-query.ts';
import { storedDocument } from './values.ts';

/** A watched connection of which nothing was heard for so long is asked for something. */
const SILENT_MS = 10_000;
/** It has so long to answer. */
const ANSWER_MS = 5_000;
/** Nothing is there: only that an answer comes counts. */
const NO_DOCUMENT = 'playbooks_internal/is-anybody-there';

/** Watches as the documents port says, for all who watch through the same calls. */
export function watching(calls: BoundedCalls): Documents['watch'] {
  const keepAsking = listening(calls);

  return (query, next, failed) => {
    const checked = checkQuery(query);
    const names = checked.select;
    const what = `watching ${query.collection}`;
    let hasEnded = false;
    let leave = (): void => undefined;
    const stopAsking = keepAsking();

    function end(): void {
      if (hasEnded) return;
      hasEnded = true;
      stopAsking();
      leave();
    }

    function fail(error: unknown): void {
      if (hasEnded) return;
      end();
      failed(asDocumentsError(error, 'read', what));
    }

    function listen(client: Client, connection: Connection): () => void {
      return pagedQuery(checked, client).onSnapshot((snapshot) => {
        connection.heard();
        const found = storedDocuments(snapshot, client);
        if (!hasEnded) next(names === undefined ? found : found.map((document) => selected(document, names)));
      }, fail);
    }

    /** Listens through one connection, and through the one after it when it is dropped. */
    function listenThrough(connection: Connection | undefined): void {
      if (connection === undefined) return end();
      let isLeft = false;
      let unsubscribe = (): void => undefined;
      const forget = connection.onDropped(() => {
        leave();
        listenThrough(calls.connection());
      });
      leave = () => {
        isLeft = true;
        forget();
        unsubscribe();
      };
      const begin = (client: Client): void => {
        if (!isLeft) unsubscribe = listen(client, connection);
      };
      connection.client.then(begin).catch(fail);
    }

    const first = calls.connection();
    if (first === undefined) queueMicrotask(() => fail(new Error('the connection is closed')));
    listenThrough(first);
    return end;
  };
}

/**
 * A listener hears nothing of a connection that died silently. So while there is one, a connection that has been silent is
 * asked for something, and replaced when it does not answer. The returned function counts a listener in, and returns the
 * one that counts it out.
 */
function listening({ call, connection }: BoundedCalls): () => () => void {
  let listeners = 0;
  let timer: NodeJS.Timeout | undefined;

  async function ask(): Promise<void> {
    if ((connection()?.silentMs() ?? 0) < SILENT_MS) return;
    await call('read', 'asking whether the connection is alive', ({ db }) => db.doc(NO_DOCUMENT).get(), ANSWER_MS);
  }

  return () => {
    listeners += 1;
    // What a call does about a connection that does not answer is all there is to do.
    timer ??= setInterval(() => void ask().catch(() => undefined), SILENT_MS / 2).unref();
    return () => {
      listeners -= 1;
      if (listeners > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  };
}

function storedDocuments({ docs, readTime }: Admin.QuerySnapshot, { sdk }: Client): readonly StoredDocument[] {
  return docs.map((snapshot) => storedDocument(snapshot, snapshot.updateTime, readTime, sdk));
}

function selected(document: StoredDocument, names: readonly string[]): StoredDocument {
  const kept = Object.entries(document.data).filter(([name]) => names.includes(name));
  return { ...document, data: Object.fromEntries(kept) };
}
