import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Playbook } from '#language/playbook/playbook.ts';
import type { RunnerDatabase } from '#testing/runner/runner-databases.ts';
import { loadExecution } from '#records/executions/executions.ts';
import { versionOf } from '#language/playbook/version.ts';
import { applySeed } from '#records/playbooks/seed-playbooks.ts';

const PROGRAM = fileURLToPath(new URL('../../testing/runner/waiting-process.ts', import.meta.url));
const TIMEOUT_MS = 60_000;
/** Long enough for a process to start and look before it is over. */
const WAIT_MS = 6_000;
const LEASE_AND_A_BIT_MS = 1_600;
const ID = 'ops_waiting_manual_1';

const definition = (last: string) =>
  Playbook.parse({
    id: 'ops_waiting',
    name: 'Waiting',
    steps: [
      { id: 'first', type: 'effect' },
      { id: 'each', type: 'for_each', items: '[1, 2]', do: [{ id: 'pause', type: 'wait', with: WAIT_MS }, { id: 'then', type: 'effect' }] },
      { id: last, type: 'effect' },
    ],
  }); // prettier-ignore

/** An execution that waits outlives its processes, its build and its definition, on the database that `open` opens. */
export function describeWaitingProcesses(open: () => RunnerDatabase): void {
  describe('an execution that waits, and whose process is gone', { timeout: TIMEOUT_MS }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'playbook-waiting-'));
    const effects = join(folder, 'effects');
    let database: RunnerDatabase;
    beforeAll(() => void (database = open()));
    afterAll(async () => {
      await database.close();
      rmSync(folder, { recursive: true });
    });

    /** Runs the program in a process of its own; resolves to what it printed, or to the signal that ended it. */
    async function inProcess(args: readonly string[], diesIn = ' '): Promise<unknown> {
      const env = { ...process.env, ...database.env, CRON_SECRET: 'of-nobody', EFFECTS: effects, DIES_IN: diesIn };
      const options = { env, timeout: TIMEOUT_MS };
      const ran = promisify(execFile)(process.execPath, [PROGRAM, ...args], options);
      return ran.then(({ stdout }) => JSON.parse(stdout), (thrown: unknown) => Object(thrown).signal); // prettier-ignore
    }

    async function seeded(playbook: Playbook): Promise<string> {
      const version = versionOf(playbook);
      await applySeed(database.documents, [{ playbook, version, source: JSON.stringify(playbook) }], new Date());
      return version;
    }

    async function untilDue(): Promise<void> {
      const execution = await loadExecution(database.documents, ID);
      const wakeAt = execution?.status === 'waiting' ? execution.wakeAt : new Date();
      await delay(Math.max(0, wakeAt.getTime() - Date.now() + 50));
    }

    test('is resumed by its id in other processes, after kill -9, as the version with which it began', async () => {
      const playbook = definition('last');
      const version = await seeded(playbook);

      expect(await inProcess(['begin', ID, JSON.stringify({ playbook, version })])).toEqual({
        kind: 'parked',
        status: 'waiting',
      });
      await seeded(definition('changed'));
      expect(await inProcess(['resume', ID])).toEqual({ kind: 'waiting', status: 'waiting' });

      await untilDue();
      expect(await inProcess(['resume', ID], 'each[1].then')).toBe('SIGKILL');
      await delay(LEASE_AND_A_BIT_MS);
      expect(await inProcess(['resume', ID])).toEqual({ kind: 'ended', status: 'succeeded' });

      const execution = await loadExecution(database.documents, ID);
      expect(execution).toMatchObject({ version, stepsExecuted: 3, steps: { last: { status: 'succeeded' } } });
      const made = readFileSync(effects, 'utf8').trim().split('\n');
      expect(new Set(made)).toEqual(
        new Set(['first', 'each[0].then', 'each[1].then', 'last'].map((path) => `${ID}/${path}`)),
      );
      expect(made.filter((key) => !key.includes('each'))).toHaveLength(2);
    });
  });
}
