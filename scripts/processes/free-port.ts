import { once } from 'node:events';
import { createServer } from 'node:net';
import { PlaybookError } from '#core/failure.ts';

/** A free port of 127.0.0.1: the usual one, or any other where that is taken. */
export async function freePort(usual: number): Promise<number> {
  return (await listened(usual)) ?? (await listened(0)) ?? usual;
}

/** The port, where it is free. Throws `unavailable` where it is taken. */
export async function onlyPort(port: number): Promise<number> {
  const free = await listened(port);
  if (free !== undefined) return free;
  throw new PlaybookError(
    'unavailable',
    `Port ${port} is taken. Choose another with --port, or leave it out: then a free one is chosen.`,
  );
}

/** Listens for a moment, as the servers of `npm start` will; undefined where somebody else does. */
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
