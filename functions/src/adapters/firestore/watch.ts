import { checkQuery } from '../../ports/document-query.ts';
import type { Documents, StoredDocument } from '../../ports/documents.ts';
import type { BoundedCalls } from './bounded-calls.ts';
import { asDocumentsError } from './failure.ts';
import { pagedQuery } from './firestore-query.ts';
import { storedDocument } from './values.ts';

/** Watches as the documents port says; connecting is one of the bounded calls, listening has no end. */
export function watch(
  call: BoundedCalls['call'],
  ...[query, next, failed]: Parameters<Documents['watch']>
): ReturnType<Documents['watch']> {
  const checked = checkQuery(query);
  const names = checked.select;
  const what = `watching ${query.collection}`;
  let stopped = false;
  let unsubscribe = (): void => undefined;

  function fail(error: unknown): void {
    if (!stopped) failed(asDocumentsError(error, 'read', what));
  }

  call('read', what, async (client) => {
    if (stopped) return;
    unsubscribe = pagedQuery(checked, client).onSnapshot(({ docs, readTime }) => {
      if (stopped) return;
      const found = docs.map((snapshot) => storedDocument(snapshot, snapshot.updateTime, readTime, client.sdk));
      next(names === undefined ? found : found.map((document) => selected(document, names)));
    }, fail);
  }).catch(fail);

  return () => {
    stopped = true;
    unsubscribe();
  };
}

function selected(document: StoredDocument, names: readonly string[]): StoredDocument {
  const kept = Object.entries(document.data).filter(([name]) => names.includes(name));
  return { ...document, data: Object.fromEntries(kept) };
}
