import { underWay } from '#core/under-way.ts';
import type { Client } from './client.ts';

/** A client that has not answered anything for so long counts as silent once a call through it was not answered in time. */
const SILENT_MS = 1_000;
/** The same for one that has never answered: it may still be connecting. */
const CONNECTING_MS = 9_000;
/** So many dropped clients may still have calls under way; with more, the database itself is gone, and new ones do not help. */
const MAX_DROPPED = 5;

/** A client, what goes through it, and what is heard of it. */
export interface Connection {
  readonly client: Promise<Client>;
  /** The client is closed when `work` has ended, and not before. */
  keepOpenFor(work: Promise<unknown>): void;
  /** Says that the other side is there: it has just answered something. */
  heard(): void;
  /** How long nothing was heard, in milliseconds; from the opening on where nothing ever was. */
  silentMs(): number;
  /** Whether it has been silent for so long that the missing answer to a call, sent at `sentMs`, means that it is dead. */
  isSilent(sentMs: number): boolean;
  /** Calls back when the connection is dropped, before it is closed, unless the returned function is called first. */
  onDropped(callback: () => void): () => void;
}

/** The connection of the moment, and those before it that have not ended yet. */
export interface Connections {
  /** Opens one where there is none. */
  current(): Connection;
  /**
   * Says that a call, sent at `sentMs` (`performance.now()`), was not answered in time. Whoever comes next gets a new connection, unless this one has answered
   * something else lately. Calls that are under way stay on it to their end.
   */
  suspect(connection: Connection, sentMs: number): void;
  /** Resolves when all have been closed. */
  close(): Promise<void>;
}

/**
 * Keeps one connection open, and replaces it when it has gone silent: where packets vanish without a word, and after a
 * process was frozen, the SDK believes in a connection that is dead, and every call through it hangs.
 */
export function connections(connect: () => Promise<Client>): Connections {
  const dropped = new Set<Promise<unknown>>();
  let current: OpenConnection | undefined;

  function open(): OpenConnection {
    const opened = openConnection(connect());
    // A client that could not even be made is made again by whoever comes next.
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
  /** Tells who wants to know, and closes the client when all that goes through it has ended. */
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
      // The SDK crashes the process when it is terminated while it repeats a call that we have given up. So it is
      // terminated when all calls have ended.
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
    // An idle connection has nothing to answer: its silence begins when something is sent.
    isSilent: (sentMs) =>
      hasAnswered ? performance.now() - Math.max(heardMs, sentMs) >= SILENT_MS : silentMs() >= CONNECTING_MS,
  };
}
