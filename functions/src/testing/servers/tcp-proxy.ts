import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * What happens to the connections. `pass`: nothing. `swallow`: all data is dropped, as behind a dead router. `swallow-old`: the
 * same for existing connections; new ones pass, as after a router has lost its state. `lose-replies`: requests arrive without
 * replies; after `LOSS_MS` every connection breaks, and then everything passes again. `refuse`: every connection is reset,
 * and so is every new one. `delay`: all data arrives `DELAY_MS` later.
 */
export type ProxyMode = 'pass' | 'swallow' | 'swallow-old' | 'lose-replies' | 'refuse' | 'delay';

/** A TCP connection to a server that can be made to fail. */
export interface TcpProxy {
  readonly host: string;
  readonly port: number;
  become(mode: ProxyMode): void;
  /** The number of connections so far. */
  connections(): number;
  close(): Promise<void>;
}

const LOSS_MS = 300;
const DELAY_MS = 120;

/** Listens on a free loopback port and forwards everything to the target. */
export async function startTcpProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  /** Connections that stay dead in every later mode. */
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

  function send(to: Socket, chunk: Buffer): void {
    if (mode === 'delay') setTimeout(() => to.write(chunk), DELAY_MS);
    else to.write(chunk);
  }

  const server = createServer((client) => {
    connections += 1;
    if (mode === 'refuse') return void client.on('error', () => undefined).resetAndDestroy();
    const upstream = connect(target.port, target.host);
    keep(client);
    keep(upstream);
    client.on('data', (chunk) => {
      if (mode !== 'swallow' && !dead.has(client)) send(upstream, chunk);
    });
    upstream.on('data', (chunk) => {
      if (mode !== 'swallow' && mode !== 'lose-replies' && !dead.has(upstream)) send(client, chunk);
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  const port = await listen(server);

  function breakAll(some: ReadonlySet<Socket> = sockets): void {
    for (const socket of some) socket.destroy();
  }

  return {
    host: '127.0.0.1',
    port,
    connections: () => connections,
    become(next) {
      // Swallowed data is missing in the middle of a connection, which is then unusable.
      if (mode === 'swallow') breakAll();
      if (next === 'pass') breakAll(dead);
      mode = next;
      if (next === 'swallow-old') for (const socket of sockets) dead.add(socket);
      if (next === 'refuse') for (const socket of sockets) socket.resetAndDestroy();
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

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  return address.port;
}
