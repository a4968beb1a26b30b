import type { BoundedCalls } from './bounded-calls.ts';

/** A watched connection that has been silent for this long is sent a request. */
const SILENT_MS = 10_000;
/** How long it has to answer. */
const ANSWER_MS = 5_000;
/** It does not exist: only an answer matters. */
const NO_DOCUMENT = 'playbooks_internal/is-anybody-there';

/**
 * A listener does not notice a connection that died silently. So while there are listeners, a silent connection is sent
 * a request, and replaced if it does not answer. The returned function adds a listener, and returns the function that
 * removes it.
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
    // The call itself has already handled a connection that does not answer.
    timer ??= setInterval(() => void ask().catch(() => undefined), SILENT_MS / 2).unref();
    return () => {
      listeners -= 1;
      if (listeners > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  };
}
