import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildFunctions, type BuiltFunctions } from '#testing/runner/built-functions.ts';
import { freePort } from '#testing/servers/free-port.ts';

const FRAMEWORK = fileURLToPath(new URL('main.js', import.meta.resolve('@google-cloud/functions-framework')));
const REPORTED = 'type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent';
const SECRET = 'a-secret-of-thirty-two-characters';

let built: BuiltFunctions;
let folder: string;

beforeAll(async () => {
  built = await buildFunctions();
  folder = mkdtempSync(join(tmpdir(), 'playbook-start-'));
  writeFileSync(join(folder, 'garbage.db'), 'This is no database, and it is longer than a header. '.repeat(100));
  mkdirSync(join(folder, 'folder.db'));
}, 60_000);

afterAll(() => {
  built.remove();
  rmSync(folder, { recursive: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the built function as the cloud does. Resolves when it has ended. */
async function start(env: Readonly<Record<string, string>>): Promise<Ended> {
  const argv = [FRAMEWORK, `--source=${built.source}`, '--target=playbookRunner', `--port=${await freePort()}`];
  const child = spawn(process.execPath, argv, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], METADATA_SERVER_DETECTION: 'none', ...env },
  });
  const stop = setTimeout(() => child.kill('SIGKILL'), 9_000);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  clearTimeout(stop);
  return { code: child.exitCode, stdout, stderr };
}

describe('a function that cannot start', () => {
  test('says all that is wrong with its settings in one entry of the log, and ends', async () => {
    const env = { K_SERVICE: 'playbookrunner', K_REVISION: 'playbookrunner-00001-abc' };

    const { code, stdout, stderr } = await start({ ...env, MAILJET_API_KEY: 'canary', PLAYBOOK_LEASE_MS: 'x' });

    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^.+\n$/);
    expect(JSON.parse(stderr)).toEqual({
      severity: 'ERROR',
      message: expect.stringMatching(
        /^The playbook runner cannot start:\n {2}- MAILJET_API_SECRET[^]*\n {2}- CRON_SECRET[^]*\n {2}- PLAYBOOK_LEASE_MS/,
      ),
      code: 'unconfigured',
      '@type': REPORTED,
      serviceContext: { service: 'playbookrunner', version: 'playbookrunner-00001-abc' },
    });
    expect(stderr).not.toContain('canary');
  });

  test.each([
    ['is none', 'garbage.db'],
    ['is a folder', 'folder.db'],
    ['lies in a file', 'garbage.db/inside.db'],
  ])('because its database %s says so in one entry of the log, and ends', async (_, name) => {
    const file = join(folder, name);

    const { code, stdout, stderr } = await start({ CRON_SECRET: SECRET, PLAYBOOK_DATABASE: `sqlite:${file}` });

    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^.+\n$/);
    expect(JSON.parse(stderr)).toMatchObject({
      severity: 'ERROR',
      message: expect.stringMatching(/^The playbook runner cannot start: .*\.db/),
    });
    expect(stderr).not.toMatch(/Unhandled|Process exited/);
  });
});
