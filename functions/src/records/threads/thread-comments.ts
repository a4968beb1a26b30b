import { z } from 'zod';
import type { Documents, StoredDocument } from '#ports/documents/documents.ts';
import { parsedRecord } from '../store/parsed-record.ts';
import { queryPage } from '../store/query-page.ts';
import { THREADS } from './threads.ts';

const SHOWN = 50;

/** A person's comment in a thread: `playbook_threads/{id}/comments/{commentId}`. */
export const ThreadComment = z.object({ id: z.string(), by: z.string(), at: z.date(), text: z.string() });
export type ThreadComment = z.infer<typeof ThreadComment>;

/** Comments of a thread, oldest first; `hasMore`: there are earlier ones. */
export interface Conversation {
  readonly comments: readonly ThreadComment[];
  readonly hasMore: boolean;
}

/** The collection of the comments of a thread. */
export function commentsOf(threadId: string): string {
  return `${THREADS}/${threadId}/comments`;
}

/** The comment in a document. Throws `internal`. */
export function readComment(stored: StoredDocument): ThreadComment {
  return parsedRecord(ThreadComment, stored, { id: stored.id });
}

/** The newest 50 comments of a thread, oldest first, in one query, without unreadable ones. Throws `unavailable`. */
export async function listComments(documents: Documents, threadId: string): Promise<Conversation> {
  const orderBy = [{ field: 'at', direction: 'desc' }] as const;
  const { items, next } = await queryPage(
    documents,
    { collection: commentsOf(threadId), orderBy },
    { limit: SHOWN },
    readComment,
  );
  return { comments: items.toReversed(), hasMore: next !== undefined };
}
