import { PlaybookError } from '#core/failure.ts';
import type { StoredDocument } from '#ports/documents/documents.ts';

/** A record that this code cannot read: the id of its document, and the reason as a sentence. */
export interface UnreadableRecord {
  readonly id: string;
  readonly problem: string;
}

/** The items read from several documents, in order, and the documents that could not be read. */
export interface Read<Item> {
  readonly items: readonly Item[];
  readonly unreadable: readonly UnreadableRecord[];
}

/** One document, read or not. */
export type ReadOne<Item> =
  | { readonly kind: 'read'; readonly item: Item }
  | { readonly kind: 'unreadable'; readonly unreadable: UnreadableRecord };

/** Reads documents one by one: a damaged record is listed as unreadable and does not hide others. Throws like `readOne`. */
export function readEach<Item>(found: readonly StoredDocument[], read: (stored: StoredDocument) => Item): Read<Item> {
  const all = found.map((stored) => readOne(stored, read));
  return {
    items: all.flatMap((one) => (one.kind === 'read' ? [one.item] : [])),
    unreadable: all.flatMap((one) => (one.kind === 'unreadable' ? [one.unreadable] : [])),
  };
}

/** Reads one document. If `read` throws a `PlaybookError`, the record counts as unreadable; other errors are thrown. */
export function readOne<Item>(stored: StoredDocument, read: (stored: StoredDocument) => Item): ReadOne<Item> {
  try {
    return { kind: 'read', item: read(stored) };
  } catch (thrown) {
    if (!(thrown instanceof PlaybookError)) throw thrown;
    return { kind: 'unreadable', unreadable: { id: stored.id, problem: thrown.message } };
  }
}
