import { type FailureCode, PlaybookError } from '#core/failure.ts';

/** One part of a page: what was found, or why it cannot be read although the rest of the page can. */
export type Part<Value> =
  { readonly kind: 'found'; readonly value: Value } | { readonly kind: 'problem'; readonly problem: string };

/**
 * The failures that concern the database as a whole. Whatever part meets one, no other part can be trusted to be complete:
 * an empty panel would say "nothing is here" of a database that was never asked. All other failures are of one record.
 */
const OF_THE_WHOLE_PAGE: ReadonlySet<FailureCode> = new Set(['unavailable', 'unauthenticated']);

/**
 * Waits for a part. A damaged or missing record is a problem of that part alone. Throws `unavailable`, `unauthenticated` and
 * whatever is no `PlaybookError`: those are answered with an error page.
 */
export async function partOf<Value>(loading: Promise<Value>): Promise<Part<Value>> {
  try {
    return { kind: 'found', value: await loading };
  } catch (thrown) {
    if (!(thrown instanceof PlaybookError) || OF_THE_WHOLE_PAGE.has(thrown.code)) throw thrown;
    return { kind: 'problem', problem: thrown.message };
  }
}

/** The same for a part that may stay empty without a reason. Throws like `partOf`. */
export async function ifReadable<Value>(loading: Promise<Value>): Promise<Value | undefined> {
  return found(await partOf(loading));
}

/** What was found, or undefined. */
export function found<Value>(part: Part<Value>): Value | undefined {
  return part.kind === 'found' ? part.value : undefined;
}
