import { DocumentsError } from '#ports/documents/documents.ts';
import { connect, type Client, type FirestoreOptions } from './client.ts';
import { connections, type Connection } from './connections.ts';
import { asDocumentsError, type Operation } from './failure.ts';

const TIMEOUT_MS = 10_000;
/** The maximum delay of a Node timer; a longer one would fire immediately. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** SDK calls, each with a time limit. */
export interface BoundedCalls {
  /**
   * Connects first if there is no connection, or the previous one has gone silent. Throws only `DocumentsError`; `what`
   * names the call in its message.
   */
  call<Result>(
    operation: Operation,
    what: string,
    action: (client: Client) => Promise<Result>,
    timeoutMs?: number,
  ): Promise<Result>;
  /** The current connection, for work that outlives a call; undefined once closed. */
  connection(): Connection | undefined;
  /** Waits for running SDK calls, at most as long as for one call, and disconnects. */
  close(): Promise<void>;
}

/** Limits every call to its own limit or `options.timeoutMs`, whatever the SDK does meanwhile. */
export function boundedCalls(options: FirestoreOptions): BoundedCalls {
  const defaultMs = options.timeoutMs ?? TIMEOUT_MS;
  const opened = connections(() => connect(options));
  let isClosed = false;

  const connection = (): Connection | undefined => (isClosed ? undefined : opened.current());
  return {
    connection,
    async call(operation, what, action, timeoutMs = defaultMs) {
      const asked = connection();
      // A read through a terminated client causes an unhandled rejection in the SDK, which ends the process.
      if (asked === undefined) throw notSent(`Firestore: ${what} failed: the connection is closed.`);
      if (!(timeoutMs > 0)) throw notSent(`Firestore: no time was left for ${what}.`);
      const sentMs = performance.now();
      const result = asked.client.then(action);
      asked.keepOpenFor(result);
      const inTime = within(timeoutMs, result, () => {
        opened.suspect(asked, sentMs);
        return lateError(operation, `Firestore did not answer within ${timeoutMs} ms: ${what}.`);
      });
      return listened(inTime, asked, (error) => asDocumentsError(error, operation, what));
    },
    async close() {
      isClosed = true;
      await within(defaultMs, opened.close(), () => new Error('Closing takes too long.')).catch(() => undefined);
    },
  };
}

/** Any answer, even a refusal, shows that the other side is alive. Throws the `DocumentsError` of any error. */
async function listened<Result>(
  result: Promise<Result>,
  asked: Connection,
  failureOf: (error: unknown) => DocumentsError,
): Promise<Result> {
  try {
    const value = await result;
    asked.heard();
    return value;
  } catch (error) {
    const failure = failureOf(error);
    if (failure.code !== 'unavailable') asked.heard();
    throw failure;
  }
}

function lateError(operation: Operation, message: string): DocumentsError {
  return new DocumentsError('unavailable', message, { mayBeApplied: operation === 'commit' });
}

function notSent(message: string): DocumentsError {
  return new DocumentsError('unavailable', message, { mayBeApplied: false });
}

/** Rejects with the result of `late` when the time is up. */
async function within<Result>(timeoutMs: number, result: Promise<Result>, late: () => Error): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), Math.min(timeoutMs, MAX_DELAY_MS));
  });
  try {
    return await Promise.race([result, over]);
  } finally {
    clearTimeout(timer);
  }
}
