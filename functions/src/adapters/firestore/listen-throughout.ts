import type { BoundedCalls } from './bounded-calls.ts';
import type { Client } from './client.ts';
import type { Connection } from './connections.ts';

/** Starts listening through a connection; the returned function stops it. */
export type Listen = (client: Client, connection: Connection) => () => void;

/** Callbacks for when listening ends by itself. */
export interface ListeningEnd {
  /** The connection is closed. */
  closed(): void;
  failed(error: unknown): void;
}

/**
 * Listens through the current connection, and through its replacement if it is dropped, until the returned function is
 * called.
 */
export function listenThroughout(
  calls: Pick<BoundedCalls, 'connection'>,
  listen: Listen,
  end: ListeningEnd,
): () => void {
  let leave = (): void => undefined;

  function listenThrough(connection: Connection | undefined): void {
    if (connection === undefined) return end.closed();
    const unsubscribe = listenOnce(connection, listen, end.failed);
    const forget = connection.onDropped(() => {
      leave();
      listenThrough(calls.connection());
    });
    leave = () => {
      forget();
      unsubscribe();
    };
  }

  listenThrough(calls.connection());
  return () => leave();
}

/** Listens as soon as the client is ready, unless the returned function is called first. */
function listenOnce(connection: Connection, listen: Listen, failed: (error: unknown) => void): () => void {
  let isLeft = false;
  let unsubscribe = (): void => undefined;
  const begin = (client: Client): void => {
    if (!isLeft) unsubscribe = listen(client, connection);
  };
  connection.client.then(begin).catch(failed);
  return () => {
    isLeft = true;
    unsubscribe();
  };
}
