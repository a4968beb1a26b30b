import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { loadExecution } from '#records/executions/executions.ts';
import { loadPlaybook } from '#records/playbooks/playbooks.ts';
import { aRunningExecution, storeExecution } from '#testing/builders/an-execution.ts';
import { recordingTerminal } from '../terminal/recording-terminal.ts';
import { endStartProcesses, startProcess } from '../processes/start-process.ts';
import { main } from './start.ts';

const TIMEOUT_MS = 90_000;
const PLAYBOOK_ID = 'ops_integration_monitor';
const data = mkdtempSync(join(tmpdir(), 'playbooks-again-'));

afterEach(endStartProcesses);
afterAll(() => rmSync(data, { recursive: true, force: true }));

function connects(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 });
    const answer = (isOpen: boolean): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', () => answer(true));
    for (const event of ['error', 'timeout']) socket.once(event, () => answer(false));
  });
}

/** The addresses by which other machines reach this one, and another loopback address. */
function otherAddresses(): readonly string[] {
  const own = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  return ['127.0.0.2', ...own.filter(({ internal, scopeid }) => !internal && !scopeid).map(({ address }) => address)];
}

async function inDatabase<Result>(action: (documents: Documents) => Promise<Result>): Promise<Result> {
  const documents = sqliteDocuments({ file: join(data, 'playbooks.db') });
  try {
    return await action(documents);
  } finally {
    await documents.close();
  }
}

function settings(): Readonly<Record<string, string>> {
  const names = readdirSync(data).filter((name) => !name.startsWith('playbooks.db'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(data, name), 'utf8')]));
}

describe('npm start', () => {
  test(
    'can only be reached from this machine, and refuses a second one on its directory',
    { timeout: TIMEOUT_MS },
    async () => {
      const first = startProcess(data);
      await first.ready();

      const ports = ['Runner', 'Console', 'Demo company'].map((name) => Number(new URL(first.urlOf(name)).port));
      for (const port of ports) {
        expect(await connects('127.0.0.1', port)).toBe(true);
        for (const host of otherAddresses())
          expect([host, port, await connects(host, port)]).toEqual([host, port, false]);
      }

      const before = settings();
      const terminal = recordingTerminal({ env: {} });
      expect(await main(['--data', data], terminal, new AbortController().signal)).toBe(1);
      expect(terminal.text()).toContain(`npm start is already running on ${data}, as process ${first.pid}.`);
      expect(terminal.text()).toContain('npm start -- --data DIR');
      expect(settings()).toEqual(before);
      expect(await first.end('SIGINT')).toBe(0);
    },
  );

  test(
    'that was killed does not block the next one, which resumes what it had begun',
    { timeout: TIMEOUT_MS },
    async () => {
      const killed = startProcess(data);
      await killed.ready();
      await killed.end('SIGKILL');
      const slot = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000);
      const lease = { owner: 'killed', nonce: 'killed:0', durationMs: 1_000, takeovers: 0, interruptions: 0 };
      const manualId = `${PLAYBOOK_ID}_manual_abcd-1234`;
      const ids = await inDatabase(async (documents) => {
        const version = (await loadPlaybook(documents, PLAYBOOK_ID))?.version ?? '';
        const begun = aRunningExecution(slot, { playbookId: PLAYBOOK_ID, version, lease, startedAt: new Date() });
        const id = begun.id.replace('ops_test', PLAYBOOK_ID);
        await storeExecution(documents, { ...begun, id });
        await storeExecution(documents, { ...begun, id: manualId, slot: null, trigger: { kind: 'manual', by: 'Ann' } });
        return [id, manualId];
      });

      const started = startProcess(data);
      await started.says('2 executions have not ended yet');
      await started.ready();
      await expect.poll(() => started.output().match(/resumed, succeeded/g)?.length, { timeout: 30_000 }).toBe(2);
      for (const id of ids) {
        expect(await inDatabase((documents) => loadExecution(documents, id))).toMatchObject({ status: 'succeeded' });
      }
      expect(await started.end('SIGTERM')).toBe(0);
    },
  );
});
