import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '#testing/servers/free-port.ts';
import { startChildServer, type ChildServer } from './child-server.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'child-server-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A server that answers everything, and does this on SIGTERM. */
async function serverThat(onSigterm: string, endTimeoutMs?: number): Promise<ChildServer> {
  const script = join(folder, 'server.cjs');
  const port = await freePort();
  writeFileSync(
    script,
    `const server = require('node:http').createServer((_, response) => response.end()).listen(${port});
     process.on('SIGTERM', () => { ${onSigterm} });`,
  );
  return startChildServer({
    name: 'The server',
    argv: [script],
    url: `http://127.0.0.1:${port}/`,
    env: {},
    ask: async (url) => (await fetch(url)).ok,
    ...(endTimeoutMs === undefined ? {} : { endTimeoutMs }),
  });
}

describe('a server that is stopped', () => {
  test('gets time to hand over its work', async () => {
    const server = await serverThat("setTimeout(() => { console.log('handed over'); process.exit(0); }, 700);");
    await server.stop();
    expect(server.lastLines()).toBe('handed over');
  });

  test('ends by itself when it has closed everything', async () => {
    const server = await serverThat("console.log('closing'); server.close(); server.closeAllConnections();");
    const startedMs = performance.now();
    await server.stop();
    expect(server.lastLines()).toBe('closing');
    expect(performance.now() - startedMs).toBeLessThan(8_000);
  });

  test('is killed if it does not end in time', async () => {
    const server = await serverThat("console.log('no');", 300);
    await server.stop();
    expect(await fetch(server.url).catch(() => 'gone')).toBe('gone');
  });
});

test('a server that cannot be started is reported with its last output', async () => {
  writeFileSync(join(folder, 'broken.cjs'), "console.error('No secret.'); process.exit(3);");
  const starting = startChildServer({
    name: 'The server',
    argv: [join(folder, 'broken.cjs')],
    url: 'http://127.0.0.1:9/',
    env: {},
    ask: async () => false,
  });
  await expect(starting).rejects.toThrow(/The server ended during its start\. Its last output:\nNo secret\./);
});
