import { setTimeout as delay } from 'node:timers/promises';
import { startLocalServer, type LocalServer } from '../servers/local-server.ts';

/** One effect that arrived. */
export interface BookedCall {
  /** The idempotency key. */
  readonly key: string;
  /** The path of the URL, without the slash. */
  readonly name: string;
  /** When it was booked, by `performance.now()`. */
  readonly atMs: number;
}

/** The other side of the effects, which books every call. */
export interface Ledger {
  readonly server: LocalServer;
  /** How often each idempotency key has arrived. */
  readonly calls: ReadonlyMap<string, number>;
  /** Every call, in order. */
  readonly booked: readonly BookedCall[];
  /** What happens once a call is booked and before it is answered. */
  meanwhile: (call: BookedCall) => Promise<void>;
}

const ANSWERS_MS = 15;

/** Starts a ledger on a free loopback port, which answers `{"booked":true}`. */
export async function openLedger(): Promise<Ledger> {
  const calls = new Map<string, number>();
  const booked: BookedCall[] = [];
  const server = await startLocalServer(async ({ headers, url }) => {
    const key = headers['idempotency-key'] ?? 'no key';
    calls.set(key, (calls.get(key) ?? 0) + 1);
    const call = { key, name: url.pathname.slice(1), atMs: performance.now() };
    booked.push(call);
    await ledger.meanwhile(call);
    await delay(ANSWERS_MS);
    return { kind: 'reply', status: 201, headers: { 'content-type': 'application/json' }, body: '{"booked":true}' };
  });
  const ledger: Ledger = { server, calls, booked, meanwhile: async () => undefined };
  return ledger;
}
