import { PlaybookError } from '#core/failure.ts';
import { underWay } from '#core/under-way.ts';
import type { UnderWay } from '#core/under-way.ts';
import { withinLimit } from './call-limit.ts';

const NEVER = new AbortController().signal;

/** How a client is made and ended, how long a call through it may take, and what it is called in messages. */
export interface ReplaceableClientOptions<Client> {
  /** Begins a sentence: `Secret Manager`. */
  readonly what: string;
  readonly timeoutMs: number;
  open(): Promise<Client>;
  close(client: Client): Promise<unknown>;
  /** Whether the client itself says that it was not answered in time. */
  isLate?(thrown: unknown): boolean;
}

/** A client of an SDK, opened by the first call. */
export interface ReplaceableClient<Client> {
  /**
   * One call, which never takes longer than its limit. What goes unanswered costs the client: the next call gets a new one,
   * with connections and credentials of its own. Throws `timeout`, and what `request` throws.
   */
  call<Value>(request: (client: Client) => Promise<Value>): Promise<Value>;
  /** Ends the client of the moment; whatever still goes through an older one ends with it. */
  close(): Promise<void>;
}

/**
 * Bounds calls, and replaces what they go through: an SDK keeps sockets that may be dead, and one request for a token that
 * hangs is waited for by all calls after it.
 */
export function replaceableClient<Client>(options: ReplaceableClientOptions<Client>): ReplaceableClient<Client> {
  const { what, timeoutMs, isLate = () => false } = options;
  const limit = { signal: NEVER, timeoutMs, what };
  const clients = oneAtATime(options);
  return {
    async call(request) {
      const opened = clients.current();
      // Loading an SDK takes its time, and is nothing that may never end.
      await opened.client;
      const answer = opened.client.then(request);
      opened.calls.add(answer);
      try {
        return await withinLimit(limit, () => answer);
      } catch (thrown) {
        const late = (thrown instanceof PlaybookError && thrown.code === 'timeout') || isLate(thrown);
        if (late) clients.drop(opened).catch(() => undefined);
        throw thrown;
      }
    },
    close: clients.close,
  };
}

interface Opened<Client> {
  readonly client: Promise<Client>;
  readonly calls: UnderWay;
}

interface Clients<Client> {
  /** The client of the moment; opens one where there is none. */
  current(): Opened<Client>;
  /** Calls of others may still be answered, so the client ends with the last of them. */
  drop(opened: Opened<Client>): Promise<void>;
  /** Ends the client of the moment. */
  close(): Promise<void>;
}

function oneAtATime<Client>({
  open,
  close,
}: Pick<ReplaceableClientOptions<Client>, 'open' | 'close'>): Clients<Client> {
  let current: Opened<Client> | undefined;

  function forget(opened: Opened<Client>): void {
    if (current === opened) current = undefined;
  }
  function openNow(): Opened<Client> {
    const opened = { client: open(), calls: underWay() };
    opened.client.catch(() => forget(opened));
    return opened;
  }

  return {
    current: () => (current ??= openNow()),
    async drop(opened) {
      if (current !== opened) return;
      forget(opened);
      await opened.calls.ended();
      await close(await opened.client);
    },
    async close() {
      const opened = current;
      if (opened === undefined) return;
      forget(opened);
      await close(await opened.client);
    },
  };
}
