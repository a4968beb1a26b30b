import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { freePort } from '#testing/servers/free-port.ts';
import { ensureBuilt } from '../../scripts/building/ensure-built.ts';
import { startConsoleServer } from '../../scripts/local/local-servers.ts';
import type { ChildServer } from '../../scripts/processes/child-server.ts';
import { seedTestPlaybook } from '#console/testing/seed-test-playbook.ts';

const START_TIMEOUT_MS = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'console-trouble-'));
const file = join(folder, 'playbooks.db');

beforeAll(async () => {
  await ensureBuilt();
}, START_TIMEOUT_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function startConsole(database: string, onLine: (line: string) => void): Promise<ChildServer> {
  const env = { PLAYBOOK_DATABASE: `sqlite:${database}`, CONSOLE_HOST: '127.0.0.1', CONSOLE_LOCAL_OPERATOR: '1' };
  return startConsoleServer({ port: await freePort(), env, onLine });
}

/** Another process that holds the database; resolves when it does, to what lets go. */
async function heldByAnother(): Promise<() => Promise<void>> {
  const script = `
    const { DatabaseSync } = require('node:sqlite');
    new DatabaseSync(${JSON.stringify(file)}).exec('BEGIN IMMEDIATE');
    console.log('held');
    setInterval(() => {}, 1_000);`;
  const child = spawn(process.execPath, ['--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  await once(child.stdout, 'data');
  return async () => {
    child.kill('SIGKILL');
    await gone;
  };
}

/** What a browser sends along with the forms of a page. */
async function formsOf(url: string): Promise<{ readonly csrf: string; readonly cookie: string }> {
  const response = await fetch(url);
  const csrf = /name="csrf" value="([^"]+)"/.exec(await response.text())?.[1] ?? '';
  const cookie = response.headers.getSetCookie().map((set) => set.split(';', 1)[0]);
  return { csrf, cookie: cookie.join('; ') };
}

describe('the built console', () => {
  test(
    'answers a form 503 after about five seconds while another process holds the database',
    async () => {
      const documents = sqliteDocuments({ file });
      await seedTestPlaybook(documents, 'ops_test');
      await documents.close();
      const lines: string[] = [];
      const server = await startConsole(file, (line) => lines.push(line));
      const { csrf, cookie } = await formsOf(server.url);
      const letGo = await heldByAnother();
      const startMs = performance.now();
      const response = await fetch(new URL('/control', server.url), {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie, origin: new URL(server.url).origin },
        body: new URLSearchParams({ csrf, mode: 'drain', reason: 'Maintenance' }),
      });
      const page = await response.text();
      const tookMs = performance.now() - startMs;
      await letGo();
      await server.stop();

      const reason = 'another process has kept it locked for 5 seconds';
      expect({ status: response.status, hasReason: page.includes(reason) }).toEqual({ status: 503, hasReason: true });
      expect(tookMs).toBeLessThan(9_000);
      expect(lines.filter((line) => line.includes('"ERROR"') && line.includes(reason))).not.toEqual([]);
    },
    START_TIMEOUT_MS,
  );

  test(
    'ends with one sentence where the database cannot be opened',
    async () => {
      const garbage = join(folder, 'garbage.db');
      writeFileSync(garbage, 'this is no database '.repeat(50));
      const lines: string[] = [];
      await expect(startConsole(garbage, (line) => lines.push(line))).rejects.toThrow('ended during its start');
      const [line = '', ...others] = lines;
      expect(others).toEqual([]);
      expect(JSON.parse(line)).toMatchObject({
        severity: 'ERROR',
        message: `The database file ${garbage} cannot be opened: file is not a database. Move it away, so that a new one is created, or set another file.`,
      });
    },
    START_TIMEOUT_MS,
  );
});
