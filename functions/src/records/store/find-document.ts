import { DocumentsError, type Documents, type StoredDocument } from '#ports/documents/documents.ts';
import { reachable } from './reachable.ts';

/**
 * The document of an id that a person may have typed; undefined if it does not exist or the id is invalid.
 * Throws `unavailable`, `unauthenticated`.
 */
export async function findDocument(
  documents: Pick<Documents, 'get'>,
  collection: string,
  id: string,
): Promise<StoredDocument | undefined> {
  if (id === '' || id.includes('/')) return undefined;
  try {
    return await documents.get(`${collection}/${id}`);
  } catch (thrown) {
    if (thrown instanceof DocumentsError && thrown.code === 'invalid') return undefined;
    return reachable(Promise.reject(thrown));
  }
}
