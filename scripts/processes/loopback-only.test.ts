import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const LOOPBACK_ONLY = join(import.meta.dirname, 'loopback-only.mjs');

/** Where a server of a process that loaded it first listens, if called with these arguments. */
async function listensOn(given: string): Promise<unknown> {
  const program = `const server = require('node:http').createServer();
server.on('listening', () => { console.log(JSON.stringify(server.address())); server.close(); });
server.listen(${given});`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', LOOPBACK_ONLY, '-e', program]);
  return JSON.parse(stdout);
}

describe('a server of a child', () => {
  test.each([
    "'0', () => {}",
    '0',
    '',
    "0, '0.0.0.0'",
    "0, '::', 511, () => {}",
    "{ port: 0, host: '::' }",
    '{ port: 0 }',
  ])('that asks for listen(%s) is on loopback', async (given) => {
    expect(await listensOn(given)).toMatchObject({ address: '127.0.0.1' });
  });

  test('that asks for a socket file gets it', async () => {
    const file = join(import.meta.dirname, '..', '..', 'node_modules', `.socket-${process.pid}`);
    expect(await listensOn(JSON.stringify(file))).toBe(file);
  });
});
