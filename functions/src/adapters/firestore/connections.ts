import { underWay } from '#core/under-way.ts';
import type { Client } from './client.ts';

/** A client without any answer for this long counts as silent once a call through it was not answered in time. */
const SILENT_MS = 1_000;
/** The same for one that has never answered: it may still be connecting. */
const CONNECTING_MS = 9_000;
/**
 * The maximum number of dropped clients with running calls; with more, the database itself is unreachable, and new ones
 * do not help.
 */
const MAX_DROPPED = 5;

/** A client, its running calls, and when it last answered. */
export interface Connection {
  readonly client: Promise<Client>;
  /** The client is not closed before `work` has ended. */
  keepOpenFor(work: Promise<unknown>): void;
  /** Reports that the other side has just answered. */
  heard(): void;
  /** The time since the last answer, or else since the opening, in milliseconds. */
  silentMs(): number;
  /** Whether it has been silent for so long that a call sent at `sentMs` without an answer means that it is dead. */
  isSilent(sentMs: number): boolean;
  /** Calls back when the connection is dropped, before it is closed; the returned function cancels this. */
  onDropped(callback: () => void): () => void;
}

/** The current connection, and earlier ones that have not ended yet. */
export interface Connections {
  /** Opens one if necessary. */
  current(): Connection;
  /**
   * Reports that a call sent at `sentMs` (`performance.now()`) was not answered in time. Later calls get a new
   * connection, unless this one has recently answered something else. Running calls stay on it to their end.
   */
  suspect(connection: Connection, sentMs: number): void;
  /** Resolves when all have been closed. */
  close(): Promise<void>;
}

/**
 * Keeps one connection open, and replaces it if it has gone silent: if packets are dropped silently, or after a process
 * was frozen, the SDK keeps using a dead connection, and every call through it hangs.
 */
export function connections(connect: () => Promise<Client>): Connections {
  const dropped = new Set<Promise<unknown>>();
  let current: OpenConnection | undefined;

  function open(): OpenConnection {
    const opened = openConnection(connect());
    // If a client could not be created, the next call tries again.
    opened.client.catch(() => {
      if (current === opened) current = undefined;
    });
    return opened;
  }

  return {
    current: () => (current ??= open()),
    suspect(connection, sentMs) {
      if (connection !== current || dropped.size >= MAX_DROPPED || !connection.isSilent(sentMs)) return;
      const old = current;
      current = undefined;
      const closed = old.drop().catch(() => undefined);
      dropped.add(closed);
      void closed.then(() => dropped.delete(closed));
    },
    async close() {
      await Promise.all([current?.drop(), ...dropped]);
    },
  };
}

interface OpenConnection extends Connection {
  /** Notifies the listeners, and closes the client when all its calls have ended. */
  drop(): Promise<void>;
}

function openConnection(client: Promise<Client>): OpenConnection {
  const work = underWay();
  const listeners = new Set<() => void>();
  return {
    client,
    ...hearing(),
    keepOpenFor: work.add,
    onDropped(callback) {
      listeners.add(callback);
      return () => listeners.delete(callback);
    },
    async drop() {
      const told = [...listeners];
      listeners.clear();
      for (const tell of told) tell();
      // The SDK crashes the process if it is terminated while it repeats a call that we have given up. So it is
      // terminated only after all calls have ended.
      await work.ended();
      const opened = await client;
      await opened.close();
    },
  };
}

function hearing(): Pick<Connection, 'heard' | 'silentMs' | 'isSilent'> {
  let heardMs = performance.now();
  let hasAnswered = false;
  const silentMs = (): number => performance.now() - heardMs;
  return {
    heard() {
      heardMs = performance.now();
      hasAnswered = true;
    },
    silentMs,
    // An idle connection has nothing to answer: its silence begins when a call is sent.
    isSilent: (sentMs) =>
      hasAnswered ? performance.now() - Math.max(heardMs, sentMs) >= SILENT_MS : silentMs() >= CONNECTING_MS,
  };
}
