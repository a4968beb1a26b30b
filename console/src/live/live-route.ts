import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Clock } from '../../../functions/src/engine/clock.ts';
import type { ConsoleEnv } from '../access/console-env.ts';
import type { Hub } from './hub.ts';

/** Proxies end connections that are silent. */
const HEARTBEAT_MS = 20_000;
/** A browser connects again by itself; who lost the right to look is out after this. */
const CONNECTION_MS = 10 * 60_000;
/** The database's clock and ours may differ by this; then a page is loaded once more than it had to be. */
const SKEW_MS = 2_000;
const MAX_CONNECTIONS = 500;

/**
 * `GET /live?topic=…&rendered=<ms>`: server-sent events. `changed` says that what the page shows may have changed, also when
 * it did between the page and this connection.
 */
export function liveRoute(hub: Hub, clock: Clock): Hono<ConsoleEnv> {
  let connections = 0;
  return new Hono<ConsoleEnv>().get('/live', (c) => {
    const topic = c.req.query('topic') ?? '';
    const renderedMs = Number(c.req.query('rendered') ?? 0);
    if (connections >= MAX_CONNECTIONS)
      return c.text('Too many live connections; the page looks again by itself.', 503);
    c.header('x-accel-buffering', 'no');
    return streamSSE(c, async (stream) => {
      connections += 1;
      const ended = Promise.withResolvers<void>();
      const tell = (): void => void stream.writeSSE({ event: 'changed', data: topic }).catch(ended.resolve);
      const stop = hub.subscribe(topic, ({ newestMs, first }) => {
        if (!first || newestMs > renderedMs - SKEW_MS) tell();
      });
      const cancels = [
        clock.after(CONNECTION_MS, ended.resolve),
        heartbeat(clock, () => stream.writeSSE({ event: 'beat', data: '' }), ended.resolve),
      ];
      stream.onAbort(ended.resolve);
      try {
        if (stop === undefined) return;
        await stream.writeSSE({ event: 'open', data: topic, retry: 2_000 });
        await ended.promise;
      } finally {
        connections -= 1;
        stop?.();
        for (const cancel of cancels) cancel();
      }
    });
  });
}

/** Calls `beat` every 20 s until the returned function is called, or until it fails. */
function heartbeat(clock: Clock, beat: () => Promise<void>, failed: () => void): () => void {
  let cancel = clock.after(HEARTBEAT_MS, function again() {
    beat().then(() => (cancel = clock.after(HEARTBEAT_MS, again)), failed);
  });
  return () => cancel();
}
