import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildFunctions, type BuiltFunctions } from '#testing/runner/built-functions.ts';
import { freePort } from '#testing/servers/free-port.ts';

/**
 * The Firebase CLI asks the built functions what they are, on the Node that it runs on itself: as it is installed for the
 * whole machine, mostly an older one than ours. Asked here on each Node of this machine, by what the CLI itself starts.
 */
const run = promisify(execFile);
const ASKED_BY_CLI = fileURLToPath(
  new URL('../../node_modules/firebase-functions/lib/bin/firebase-functions.js', import.meta.url),
);
const START_LIMIT_MS = 20_000;

const EXPECTED = {
  endpoints: {
    playbookRunner: {
      platform: 'gcfv2',
      entryPoint: 'playbookRunner',
      maxInstances: '{{ params.PLAYBOOK_MAX_INSTANCES }}',
      region: '{{ params.PLAYBOOK_REGION }}',
      secretEnvironmentVariables: [{ key: 'CRON_SECRET' }, { key: 'CRON_SECRET_PREVIOUS' }],
      httpsTrigger: { invoker: ['public'] },
    },
  },
  params: [
    { name: 'PLAYBOOK_REGION', type: 'string', default: 'us-central1' },
    { name: 'PLAYBOOK_MAX_INSTANCES', type: 'int', default: 10 },
  ],
};

const nodes = await nodesOfThisMachine();
let built: BuiltFunctions;
let folder: string;

beforeAll(async () => {
  built = await buildFunctions();
  folder = mkdtempSync(join(tmpdir(), 'playbook-discovery-'));
}, 60_000);

afterAll(() => {
  built.remove();
  rmSync(folder, { recursive: true });
});

test.each(nodes)('the functions say what they are to a Firebase CLI that runs on Node $version', async ({ file }) => {
  expect(await manifestOverHttp(file)).toMatchObject(EXPECTED);
});

test.each(nodes)('the functions write down what they are on Node $version', async ({ file }) => {
  const manifest = join(folder, `${crypto.randomUUID()}.json`);

  const env = environment({ FUNCTIONS_MANIFEST_OUTPUT_PATH: manifest });
  await run(file, [ASKED_BY_CLI], { cwd: built.source, env });

  expect(JSON.parse(readFileSync(manifest, 'utf8'))).toMatchObject(EXPECTED);
});

test('a compile cache is neither read nor written by who only asks', async () => {
  const cache = join(built.source, 'lib', 'compile-cache');
  const caches = readdirSync(cache);

  await manifestOverHttp(nodes.at(-1)?.file ?? process.execPath);

  expect(caches).toHaveLength(1);
  expect(readdirSync(cache)).toEqual(caches);
});

interface Node {
  readonly file: string;
  readonly version: string;
}

/** The one that runs this, and those on the PATH. */
async function nodesOfThisMachine(): Promise<readonly Node[]> {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((directory) => join(directory, 'node'));
  const found = new Map<string, string>();
  for (const file of [process.execPath, ...onPath.filter(existsSync)]) {
    const version = (await run(file, ['--version'])).stdout.trim();
    if (!found.has(version)) found.set(version, file);
  }
  return Array.from(found, ([version, file]) => ({ version, file }));
}

function environment(more: Readonly<Record<string, string>>): Record<string, string | undefined> {
  return { PATH: process.env['PATH'], HOME: process.env['HOME'], GCLOUD_PROJECT: 'demo-discovery', ...more };
}

async function manifestOverHttp(node: string): Promise<unknown> {
  const port = await freePort();
  const env = environment({ FUNCTIONS_CONTROL_API: 'true', PORT: String(port) });
  const child = spawn(node, [ASKED_BY_CLI], { cwd: built.source, env, stdio: ['ignore', 'ignore', 'inherit'] });
  const gone = once(child, 'exit');
  try {
    const limitMs = performance.now() + START_LIMIT_MS;
    while (performance.now() < limitMs && child.exitCode === null) {
      const response = await fetch(`http://127.0.0.1:${port}/__/functions.yaml`).catch(() => undefined);
      if (response === undefined) await delay(20);
      else return response.ok ? await response.json() : await response.text();
    }
    return 'It did not answer.';
  } finally {
    child.kill();
    await gone;
  }
}
