import type { Documents, Write } from '#ports/documents/documents.ts';

/**
 * A database on which `action` happens between the reads of a change and its commit: once, just before the first commit
 * that `concerns` accepts; by default before the first commit of all. What the action does itself goes to `documents`.
 */
export function interleaved(
  documents: Documents,
  action: () => Promise<unknown>,
  concerns: (writes: readonly Write[]) => boolean = () => true,
): Documents {
  let hasHappened = false;
  return {
    ...documents,
    async commit(writes, limit) {
      if (!hasHappened && concerns(writes)) {
        hasHappened = true;
        await action();
      }
      return documents.commit(writes, limit);
    },
  };
}
