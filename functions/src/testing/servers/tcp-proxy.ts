import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

/**
 * What happens to the connections. `pass`: nothing. `swallow`: what comes in goes nowhere, as behind a dead router.
 * `swallow-old`: the same for those that there are; new ones pass, as after a router has forgotten what it knew.
 * `lose-replies`: requests arrive, but after `LOSS_MS` without a word every connection breaks, and then all is well again.
 */
export type ProxyMode = 'pass' | 'swallow' | 'swallow-old' | 'lose-replies';

/** A TCP connection to a server that can be made to fail. */
export interface TcpProxy {
  readonly host: string;
  readonly port: number;
  become(mode: ProxyMode): void;
  /** How many connections were ever made to it. */
  connections(): number;
  close(): Promise<void>;
}

const LOSS_MS = 300;

/** Listens on a free loopback port and passes everything on to the target. */
export async function startTcpProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  /** What a connection keeps whatever becomes of the others. */
  const dead = new Set<Socket>();
  let connections = 0;
  let mode: ProxyMode = 'pass';

  function keep(socket: Socket): void {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      dead.delete(socket);
    });
  }

  const server = createServer((client) => {
    connections += 1;
    const upstream = connect(target.port, target.host);
    keep(client);
    keep(upstream);
    client.on('data', (chunk) => {
      if (mode !== 'swallow' && !dead.has(client)) upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if ((mode === 'pass' || mode === 'swallow-old') && !dead.has(upstream)) client.write(chunk);
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy got no port.');

  function breakAll(some: ReadonlySet<Socket> = sockets): void {
    for (const socket of some) socket.destroy();
  }

  return {
    host: '127.0.0.1',
    port: address.port,
    connections: () => connections,
    become(next) {
      // What was swallowed is missing in the middle of a connection, which is of no use any more.
      if (mode === 'swallow') breakAll();
      if (next === 'pass') breakAll(dead);
      mode = next;
      if (next === 'swallow-old') for (const socket of sockets) dead.add(socket);
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
