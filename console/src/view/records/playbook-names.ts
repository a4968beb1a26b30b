import type { Clock } from '#core/clock.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { PLAYBOOKS } from '#records/playbooks/playbooks.ts';
import { reachable } from '#records/store/reachable.ts';

/** A playbook to choose. */
export interface PlaybookName {
  readonly id: string;
  readonly name: string;
}

const MAX_AGE_MS = 60_000;

/**
 * The playbooks there are, by id, kept for a minute. A call reads at most `budget` documents: of a great many playbooks the
 * first calls know a part, and each learns more.
 */
export function playbookNames(
  documents: Pick<Documents, 'query'>,
  clock: Pick<Clock, 'now'>,
): (budget: number) => Promise<readonly PlaybookName[]> {
  let complete: { readonly names: readonly PlaybookName[]; readonly atMs: number } | undefined;
  let learnt: readonly PlaybookName[] = [];

  return async (budget) => {
    const nowMs = clock.now().getTime();
    if (complete !== undefined && nowMs - complete.atMs < MAX_AGE_MS) return complete.names;
    const soFar = learnt;
    const last = soFar.at(-1);
    const found = await reachable(
      documents.query({
        collection: PLAYBOOKS,
        select: ['name'],
        limit: budget,
        ...(last !== undefined && { startAfter: { values: [], id: last.id } }),
      }),
    );
    const names = [
      ...soFar,
      ...found.map(({ id, data: { name } }) => ({ id, name: typeof name === 'string' ? name : id })),
    ];
    const isAll = found.length < budget;
    if (isAll) complete = { names, atMs: nowMs };
    learnt = isAll ? [] : names;
    // What was known a minute ago is better than the beginning of what is known now.
    return complete !== undefined && !isAll ? complete.names : names;
  };
}
