import { PlaybookError } from '#core/failure.ts';
import { underWay, type UnderWay } from '#core/under-way.ts';
import { withinLimit } from './call-limit.ts';

const NEVER = new AbortController().signal;

/** How to open and close a client, the limit of its calls, and its name in messages. */
export interface ReplaceableClientOptions<Client> {
  /** Begins a sentence: `Secret Manager`. */
  readonly what: string;
  readonly timeoutMs: number;
  open(): Promise<Client>;
  close(client: Client): Promise<unknown>;
  /** Whether an error is the client's own timeout. */
  isLate?(thrown: unknown): boolean;
}

/** An SDK client, opened by the first call. */
export interface ReplaceableClient<Client> {
  /**
   * One call, which never takes longer than its limit. After a call without an answer, the next one gets a new client,
   * with its own connections and credentials. Throws `timeout`, and what `request` throws.
   */
  call<Value>(request: (client: Client) => Promise<Value>): Promise<Value>;
  /** Closes the current client; calls through older ones end with it. */
  close(): Promise<void>;
}

/**
 * Limits calls and replaces their client: an SDK keeps sockets that may be dead, and a hanging request for a token
 * blocks all later calls.
 */
export function replaceableClient<Client>(options: ReplaceableClientOptions<Client>): ReplaceableClient<Client> {
  const { what, timeoutMs, isLate = () => false } = options;
  const limit = { signal: NEVER, timeoutMs, what };
  const clients = oneAtATime(options);
  return {
    async call(request) {
      const opened = clients.current();
      // Loading an SDK takes time, but always ends.
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
  /** The current client; opens one if necessary. */
  current(): Opened<Client>;
  /** Other calls may still be answered, so the client is closed after the last of them. */
  drop(opened: Opened<Client>): Promise<void>;
  /** Closes the current client. */
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
