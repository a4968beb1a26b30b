import type { BoundedCalls } from './bounded-calls.ts';

/** A watched connection of which nothing was heard for so long is asked for something. */
const SILENT_MS = 10_000;
/** It has so long to answer. */
const ANSWER_MS = 5_000;
/** Nothing is there: only that an answer comes counts. */
const NO_DOCUMENT = 'playbooks_internal/is-anybody-there';

/**
 * A listener hears nothing of a connection that died silently. So while there is one, a connection that has been silent is
 * asked for something, and replaced when it does not answer. The returned function counts a listener in, and returns the
 * one that counts it out.
 */
export function keepAsking({ call, connection }: BoundedCalls): () => () => void {
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
