import { PlaybookError } from '#core/failure.ts';
import type { Scalar } from '#ports/documents/document-query.ts';
import type { Documents, DocumentValue, Query, StoredDocument } from '#ports/documents/documents.ts';
import { decodeCursor, encodeCursor } from './page-cursor.ts';
import { reachable } from './reachable.ts';
import { type Read, readEach } from './read-each.ts';

/** Which page of a list: how many items, and the `next` of the previous page. */
export interface PageRequest {
  readonly limit: number;
  readonly after?: string | undefined;
}

/** A page of a list, and those of its records that this code cannot read. `next` is undefined at the end of the list. */
export interface Page<Item> extends Read<Item> {
  readonly next: string | undefined;
}

/** A query of a page: the ordered fields are top-level and contain single values. */
type PagedQuery = Pick<Query, 'collection' | 'where' | 'select'> & Required<Pick<Query, 'orderBy'>>;

const MAX_LIMIT = 100;

/**
 * One page, in one query, which reads one extra document to know whether there is another page. If `read` throws a
 * `PlaybookError`, the record counts as unreadable. Throws `input_invalid` for a limit that is not a whole number from 1 to
 * 100 and for a cursor of another list, and `unavailable`.
 */
export async function queryPage<Item>(
  documents: Pick<Documents, 'query'>,
  query: PagedQuery,
  { limit, after }: PageRequest,
  read: (stored: StoredDocument) => Item,
): Promise<Page<Item>> {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new PlaybookError('input_invalid', `A page has 1 to ${MAX_LIMIT} items, not ${limit}.`);
  }
  const startAfter = after === undefined ? {} : { startAfter: decodeCursor(after, query.orderBy.length) };
  const found = await reachable(documents.query({ ...query, ...startAfter, limit: limit + 1 }));
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1) : undefined;
  return { ...readEach(shown, read), next: last === undefined ? undefined : positionOf(last, query) };
}

function positionOf(stored: StoredDocument, { orderBy }: PagedQuery): string {
  return encodeCursor({ values: orderBy.map(({ field }) => scalarOf(stored.data[field])), id: stored.id });
}

/** A damaged record may contain a list or a map; null then ends the list, newest first, instead of restarting it. */
function scalarOf(value: DocumentValue | undefined): Scalar {
  return value === undefined || (typeof value === 'object' && !(value instanceof Date)) ? null : value;
}
