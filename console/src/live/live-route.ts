import { Hono } from 'hono';
import { streamSSE, type SSEStreamingApi } from 'hono/streaming';
import type { Clock } from '#core/clock.ts';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { connectionCount } from './connection-count.ts';
import type { Hub } from './hub.ts';
import { queriesOf } from './topics.ts';

/** Proxies end connections that are silent. */
const HEARTBEAT_MS = 20_000;
/** A browser connects again by itself; who lost the right to look is out after this. */
const CONNECTION_MS = 10 * 60_000;
/** The database's clock and ours may differ by this; then a page is loaded once more than it had to be. */
const SKEW_MS = 2_000;

/**
 * `GET /live?topic=…&rendered=<ms>`: server-sent events. `changed` says that what the page shows may have changed, also when
 * it did between the page and this connection. 404 for a topic that does not exist, 503 for more connections than one person
 * or all together may have: the page then looks again by itself.
 */
export function liveRoute(hub: Hub, clock: Clock): Hono<ConsoleEnv> {
  const connections = connectionCount();
  return new Hono<ConsoleEnv>().get('/live', (c) => {
    const topic = c.req.query('topic') ?? '';
    const renderedMs = Number(c.req.query('rendered') ?? 0);
    if (queriesOf(topic) === undefined) return c.text('Unknown topic.', 404);
    // A caller that requests the head alone never reads the events, and nothing would end the connection early.
    if (c.req.method !== 'GET') return c.body(null, 200, { 'content-type': 'text/event-stream' });
    const giveBack = connections.take(c.var.person.uid);
    if (giveBack === undefined) return c.text('Too many live connections; the page polls instead.', 503);
    c.header('x-accel-buffering', 'no');
    return streamSSE(c, (stream) => sendChanges(stream, { hub, clock }, topic, renderedMs).finally(giveBack));
  });
}

/** Until the browser leaves, or the connection has lasted its time. */
async function sendChanges(
  stream: SSEStreamingApi,
  { hub, clock }: { readonly hub: Hub; readonly clock: Clock },
  topic: string,
  renderedMs: number,
): Promise<void> {
  const ended = Promise.withResolvers<void>();
  stream.onAbort(ended.resolve);
  const tell = (): void => void stream.writeSSE({ event: 'changed', data: topic }).catch(ended.resolve);
  const stop = hub.subscribe(topic, ({ newestMs, first }) => {
    if (!first || newestMs > renderedMs - SKEW_MS) tell();
  });
  if (stop === undefined) return;
  const endings = [
    stop,
    clock.after(CONNECTION_MS, ended.resolve),
    heartbeat(clock, () => stream.writeSSE({ event: 'beat', data: '' }), ended.resolve),
  ];
  try {
    await Promise.race([stream.writeSSE({ event: 'open', data: topic, retry: 2_000 }), ended.promise]);
    await ended.promise;
  } finally {
    for (const end of endings) end();
  }
}

/** Calls `beat` every 20 s until the returned function is called, or until it fails. */
function heartbeat(clock: Clock, beat: () => Promise<void>, failed: () => void): () => void {
  let isCancelled = false;
  let cancel = clock.after(HEARTBEAT_MS, again);

  function again(): void {
    beat().then(beatAgain, failed);
  }
  function beatAgain(): void {
    // The connection may have ended while the beat was on its way.
    if (!isCancelled) cancel = clock.after(HEARTBEAT_MS, again);
  }
  return () => {
    isCancelled = true;
    cancel();
  };
}
