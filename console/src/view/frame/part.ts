import { PlaybookError } from '#core/failure.ts';

/** One part of a page: what was found, or why it cannot be read although the rest of the page can. */
export type Part<Value> =
  { readonly kind: 'found'; readonly value: Value } | { readonly kind: 'problem'; readonly problem: string };

/** Waits for a part. A damaged or missing record is a problem of that part alone; what else is thrown goes on. */
export async function partOf<Value>(loading: Promise<Value>): Promise<Part<Value>> {
  try {
    return { kind: 'found', value: await loading };
  } catch (thrown) {
    if (!(thrown instanceof PlaybookError) || thrown.code === 'unavailable') throw thrown;
    return { kind: 'problem', problem: thrown.message };
  }
}

/** What was found, or undefined. */
export function found<Value>(part: Part<Value>): Value | undefined {
  return part.kind === 'found' ? part.value : undefined;
}
