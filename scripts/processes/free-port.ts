import { once } from 'node:events';
import { createServer } from 'node:net';
import { PlaybookError } from '#core/failure.ts';

/** A free port of 127.0.0.1: the usual one, or any other if that is taken. */
export async function freePort(usual: number): Promise<number> {
  return (await listened(usual)) ?? (await listened(0)) ?? usual;
}

/** The port, if it is free. Throws `unavailable` if it is taken. */
export async function onlyPort(port: number): Promise<number> {
  const free = await listened(port);
  if (free !== undefined) return free;
  throw new PlaybookError(
    'unavailable',
    `Port ${port} is taken. Choose another with --port, or leave --port out to use a free one.`,
  );
}

/** Listens for a moment, like the servers of `npm start`; undefined if the port is taken. */
async function listened(port: number): Promise<number | undefined> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return undefined;
  }
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : port;
}
