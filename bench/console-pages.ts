import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeBusyRecords } from '#console/testing/busy-records.ts';
import type { ShownRecords } from '#console/testing/console-paths.ts';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { systemClock } from '#adapters/system-clock.ts';
import { appendAudit } from '#records/audit/audit-log.ts';
import { freePort } from '#testing/servers/free-port.ts';
import { startConsoleServer } from '../scripts/local/local-servers.ts';
import { median, quantile, rounded } from './figures.ts';

/** Of the 600 pages a minute that one person may open. */
const REQUESTS = 30;
const SOMEBODY = { email: 'ada@example.com', role: 'admin' } as const;

/** How fast the built console answers for one page, over HTTP, with a large database. */
export interface ConsolePage {
  readonly bench: 'console-page';
  readonly database: 'sqlite';
  readonly page: string;
  /** The number of executions in the database. */
  readonly executions: number;
  /** To the first byte of the answer. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** The size of the whole answer, compressed. */
  readonly bytes: number;
}

/** The measurements, and how long it took to fill the database. */
export interface ConsoleBench {
  readonly filledInMs: number;
  readonly pages: readonly ConsolePage[];
}

/**
 * Fills a file with executions of 20 steps and 25 kB and everything that goes with them, and requests every page. After
 * `npm run build`.
 */
export async function benchConsole(executions: number): Promise<ConsoleBench> {
  const folder = mkdtempSync(join(tmpdir(), 'playbook-console-'));
  const file = join(folder, 'playbooks.db');
  try {
    const startMs = performance.now();
    const shown = await fill(file, executions);
    const filledInMs = Math.round(performance.now() - startMs);
    const port = await freePort();
    const PLAYBOOK_DATABASE = `sqlite:${file}`;
    const env = { PLAYBOOK_DATABASE, CONSOLE_HOST: '127.0.0.1', CONSOLE_LOCAL_OPERATOR: '1', NODE_ENV: 'production' };
    const server = await startConsoleServer({ port, env });
    try {
      return { filledInMs, pages: await measure(server.url, shown, executions) };
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill(file: string, executions: number): Promise<ShownRecords> {
  const documents = sqliteDocuments({ file });
  const extent = { playbooks: 25, executions, stepsEach: 20, outputChars: 900, threads: executions / 20, versions: 10 };
  try {
    const shown = await storeBusyRecords(documents, new Date(), extent);
    const world = { documents, clock: systemClock, newId: randomUUID };
    for (let entry = 0; entry < extent.threads; entry += 1) {
      await appendAudit(world, SOMEBODY, { action: 'signed_in', target: { kind: 'person', id: SOMEBODY.email } });
    }
    return shown;
  } finally {
    await documents.close();
  }
}

async function measure(url: string, shown: ShownRecords, executions: number): Promise<readonly ConsolePage[]> {
  const agent = new Agent({ keepAlive: true });
  const pages: ConsolePage[] = [];
  for (const [page, path] of pagesOf(shown)) {
    await ask(new URL(path, url), agent);
    const asked = [];
    for (let request = 0; request < REQUESTS; request += 1) asked.push(await ask(new URL(path, url), agent));
    const tookMs = asked.map(({ firstByteMs }) => firstByteMs);
    const [p50Ms, p95Ms] = [rounded(median(tookMs)), rounded(quantile(tookMs, 0.95))];
    pages.push({
      bench: 'console-page',
      database: 'sqlite',
      page,
      executions,
      p50Ms,
      p95Ms,
      bytes: asked[0]?.bytes ?? 0,
    });
  }
  agent.destroy();
  return pages;
}

function pagesOf(shown: ShownRecords): readonly (readonly [page: string, path: string])[] {
  const { playbookIds, executionIds, threadIds, notificationIds } = shown;
  const firsts = [playbookIds, executionIds, threadIds, notificationIds].map(([id = '']) => encodeURIComponent(id));
  const [playbook, execution, thread, notification] = firsts;
  return [
    ['Now', '/'],
    ['Executions', '/executions'],
    ['Executions, failed', '/executions?status=failed'],
    ['Executions, of one playbook', `/executions?playbook=${playbook}`],
    ['One execution', `/executions/${execution}`],
    ['Playbooks', '/playbooks'],
    ['One playbook', `/playbooks/${playbook}`],
    ['Its definition', `/playbooks/${playbook}/definition`],
    ['Run now', `/playbooks/${playbook}/run`],
    ['Inbox', '/inbox'],
    ['Inbox, all', '/inbox?state=all'],
    ['One thread', `/inbox/${thread}`],
    ['Health', '/health'],
    ['Spend', '/spend'],
    ['Notifications', '/notifications'],
    ['One message', `/notifications/${notification}`],
    ['Audit log', '/audit'],
  ];
}

/** Throws unless the answer is 200. */
async function ask(url: URL, agent: Agent): Promise<{ readonly firstByteMs: number; readonly bytes: number }> {
  const startMs = performance.now();
  const request = get(url, { agent, headers: { 'accept-encoding': 'gzip' } });
  const [response]: IncomingMessage[] = await once(request, 'response');
  if (response === undefined) throw new Error(`${url.href} was not answered.`);
  let bytes = 0;
  let firstByteMs = Number.NaN;
  response.on('data', (chunk: Buffer) => {
    if (bytes === 0) firstByteMs = performance.now() - startMs;
    bytes += chunk.length;
  });
  await once(response, 'end');
  if (response.statusCode !== 200) throw new Error(`${url.href} answered ${response.statusCode}.`);
  return { firstByteMs, bytes };
}
