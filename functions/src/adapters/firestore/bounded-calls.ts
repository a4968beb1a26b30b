import { DocumentsError } from '../../ports/documents.ts';
import { connect } from './client.ts';
import type { Client, FirestoreOptions } from './client.ts';
import { asDocumentsError } from './failure.ts';
import type { Operation } from './failure.ts';

const TIMEOUT_MS = 10_000;

/** Calls of the SDK, each of which ends in time. */
export interface BoundedCalls {
  /** Connects first where that has not happened. Throws `DocumentsError` only; `what` names the call in its message. */
  call<Result>(operation: Operation, what: string, action: (client: Client) => Promise<Result>): Promise<Result>;
  /** Waits for calls that the SDK still makes, but not longer than for a call, and disconnects. */
  close(): Promise<void>;
}

/** Bounds every call by `timeoutMs`, whatever the SDK does meanwhile. */
export function boundedCalls(options: FirestoreOptions): BoundedCalls {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const underWay = new Set<Promise<unknown>>();
  let connected: Promise<Client> | undefined;
  let isClosed = false;

  async function reconnectable(): Promise<Client> {
    try {
      return await connect(options);
    } catch (error) {
      connected = undefined;
      throw error;
    }
  }

  return {
    async call(operation, what, action) {
      // A read through a terminated client is a rejection inside of the SDK that nobody handles: it ends the process.
      if (isClosed) throw new DocumentsError('unavailable', `Firestore: ${what} failed: the connection is closed.`);
      connected ??= reconnectable();
      const result = connected.then(action);
      const forget = (): boolean => underWay.delete(result);
      underWay.add(result);
      result.then(forget, forget);
      try {
        return await within(timeoutMs, result);
      } catch (error) {
        throw asDocumentsError(error, operation, what);
      }
    },
    async close() {
      isClosed = true;
      const client = await connected;
      if (client === undefined) return;
      // The SDK crashes the process when it is terminated while it repeats a call that we have given up. So it is
      // terminated when all calls have ended; nobody waits for that longer than for a call.
      const closed = Promise.allSettled(underWay).then(() => client.close());
      await within(timeoutMs, closed).catch(() => undefined);
    },
  };
}

async function within<Result>(timeoutMs: number, result: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new DocumentsError('unavailable', `Firestore did not answer within ${timeoutMs} ms.`));
    }, timeoutMs);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}
