import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { LocalServer } from './local-server.ts';

/** A proxy that makes tunnels (CONNECT), like corporate proxies. */
export interface TunnelServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** The requested destinations of tunnels, as `host:port`. */
  readonly tunnels: readonly string[];
  close(): Promise<void>;
}

/** Starts a proxy whose tunnels all lead to `target`, whatever the requested destination. */
export function tunnelTo(target: Pick<LocalServer, 'host' | 'port'>): Promise<TunnelServer> {
  return startProxy((client) => {
    const upstream = connect(target.port, target.host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [client, upstream]) socket.on('error', () => upstream.destroy());
  });
}

/** Starts a proxy that refuses all tunnels. */
export function startRefusingProxy(): Promise<TunnelServer> {
  return startProxy((client) => client.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n'));
}

async function startProxy(tunnel: (client: Duplex) => void): Promise<TunnelServer> {
  const tunnels: string[] = [];
  const open = new Set<Duplex>();
  const server = createServer().on('connect', (request, client: Duplex) => {
    tunnels.push(request.url ?? '');
    open.add(client);
    tunnel(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    tunnels,
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
