import { DocumentsError } from '#ports/documents/documents.ts';
import { connect } from './client.ts';
import type { Client, FirestoreOptions } from './client.ts';
import { connections } from './connections.ts';
import type { Connection } from './connections.ts';
import { asDocumentsError } from './failure.ts';
import type { Operation } from './failure.ts';

const TIMEOUT_MS = 10_000;
/** The longest that a timer of Node takes; a longer one would go off at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** Calls of the SDK, each of which ends in time. */
export interface BoundedCalls {
  /**
   * Connects first where that has not happened, or where the connection before has gone silent. Throws `DocumentsError`
   * only; `what` names the call in its message.
   */
  call<Result>(
    operation: Operation,
    what: string,
    action: (client: Client) => Promise<Result>,
    timeoutMs?: number,
  ): Promise<Result>;
  /** The connection of the moment, for what outlives a call; undefined when all is closed. */
  connection(): Connection | undefined;
  /** Waits for calls that the SDK still makes, but not longer than for a call, and disconnects. */
  close(): Promise<void>;
}

/** Bounds every call, whatever the SDK does meanwhile, by `options.timeoutMs` unless it says otherwise itself. */
export function boundedCalls(options: FirestoreOptions): BoundedCalls {
  const defaultMs = options.timeoutMs ?? TIMEOUT_MS;
  const opened = connections(() => connect(options));
  let isClosed = false;

  const connection = (): Connection | undefined => (isClosed ? undefined : opened.current());
  return {
    connection,
    async call(operation, what, action, timeoutMs = defaultMs) {
      const asked = connection();
      // A read through a terminated client is a rejection inside of the SDK that nobody handles: it ends the process.
      if (asked === undefined) throw notSent(`Firestore: ${what} failed: the connection is closed.`);
      if (!(timeoutMs > 0)) throw notSent(`Firestore: there was no time left for ${what}.`);
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

/** Any answer, also a refusal, says that the other side is there. Throws what `failureOf` makes of what is thrown. */
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

/** Rejects with what `late` returns when the time is over. */
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
