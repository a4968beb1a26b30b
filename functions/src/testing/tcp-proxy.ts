import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

/**
 * What happens to the connections. `pass`: nothing. `swallow`: what comes in goes nowhere, as behind a dead router.
 * `lose-replies`: requests arrive, but after `LOSS_MS` without a word every connection breaks, and then all is well again.
 */
export type ProxyMode = 'pass' | 'swallow' | 'lose-replies';

/** A TCP connection to a server that can be made to fail. */
export interface TcpProxy {
  readonly host: string;
  readonly port: number;
  become(mode: ProxyMode): void;
  close(): Promise<void>;
}

const LOSS_MS = 300;

/** Listens on a free loopback port and passes everything on to the target. */
export async function startTcpProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let mode: ProxyMode = 'pass';

  function keep(socket: Socket): void {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  }

  const server = createServer((client) => {
    const upstream = connect(target.port, target.host);
    keep(client);
    keep(upstream);
    client.on('data', (chunk) => {
      if (mode !== 'swallow') upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (mode === 'pass') client.write(chunk);
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy got no port.');

  function breakAll(): void {
    for (const socket of sockets) socket.destroy();
  }

  return {
    host: '127.0.0.1',
    port: address.port,
    become(next) {
      // What was swallowed is missing in the middle of a connection, which is of no use any more.
      if (mode === 'swallow') breakAll();
      mode = next;
      if (next !== 'lose-replies') return;
      setTimeout(() => {
        mode = 'pass';
        breakAll();
      }, LOSS_MS);
    },
    async close() {
      breakAll();
      server.close();
      await once(server, 'close');
    },
  };
}
