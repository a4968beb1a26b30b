import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { executionIdOf } from '../engine/execution-id.ts';
import { Playbook } from '../engine/playbook.ts';
import { FUNCTION_MEMORY_MIB } from '../function-memory.ts';
import { loadExecution } from '../records/executions.ts';
import { applySeed } from '../records/seed-playbooks.ts';
import { buildFunctions } from '../testing/built-functions.ts';
import type { BuiltFunctions } from '../testing/built-functions.ts';
import { deliver } from '../testing/deliver.ts';
import { startLocalServer } from '../testing/local-server.ts';
import type { LocalServer } from '../testing/local-server.ts';
import { sqliteFile } from '../testing/runner-databases.ts';
import type { RunnerDatabase } from '../testing/runner-databases.ts';
import { startRunnerProcess } from '../testing/runner-process.ts';
import type { RunnerProcess } from '../testing/runner-process.ts';

const SECRET = 'known-to-this-test-only';
/** 4.2 MB of JSON that is hundreds of thousands of objects, the dearest kind of output there is. */
const DENSE = JSON.stringify({ l: Array.from({ length: 430_000 }, (_, index) => ({ i: index % 1_000 })) });
const AT_ONCE = 3;

let functions: BuiltFunctions;
let database: RunnerDatabase;
let api: LocalServer;
let runner: RunnerProcess;

beforeAll(async () => {
  functions = await buildFunctions();
  database = sqliteFile();
  const headers = { 'content-type': 'application/json' };
  api = await startLocalServer(() => ({ kind: 'reply', status: 200, headers, body: DENSE }));
  const steps = Array.from({ length: 20 }, (_, index) => ({
    id: `s${index}`,
    type: 'tool_call',
    tool: 'httpRequest',
    with: { url: `${api.url}/` },
    timeout: '5m',
  }));
  const playbooks = Array.from({ length: AT_ONCE }, (_, index) => ({
    playbook: Playbook.parse({ id: `ops_dense_${index}`, name: 'Dense', steps, deadline: '20m' }),
    version: 'v1',
    source: '',
  }));
  await applySeed(database.documents, playbooks, new Date());
  runner = await startRunnerProcess({
    source: functions.source,
    env: {
      ...database.env,
      CRON_SECRET: SECRET,
      HTTP_ALLOW_PRIVATE: `${api.host}:${api.port}`,
      NODE_OPTIONS: `--max-old-space-size=${Math.round(FUNCTION_MEMORY_MIB * 0.75)}`,
    },
  });
}, 60_000);

afterAll(async () => {
  await runner.kill();
  await api.close();
  await database.close();
  functions.remove();
});

test('three executions whose outputs are as large and dense as they may be end as failed, in words, within the memory of the function', async () => {
  expect(DENSE.length).toBeGreaterThan(4_200_000);
  const slot = new Date(Math.floor(Date.now() / 60_000) * 60_000);
  let peakMib = 0;
  const sampling = setInterval(() => (peakMib = Math.max(peakMib, residentMib(runner.pid))), 20);

  const answers = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, index) =>
      deliver({ url: runner.url, secret: SECRET, playbookId: `ops_dense_${index}`, slot, timeoutMs: 240_000 }),
    ),
  );
  clearInterval(sampling);
  console.log('peak', peakMib);

  expect(answers.map(({ httpStatus }) => httpStatus)).toEqual(Array.from({ length: AT_ONCE }, () => 500));
  for (let index = 0; index < AT_ONCE; index += 1) {
    const id = executionIdOf(`ops_dense_${index}`, slot, String);
    expect(await loadExecution(database.documents, id)).toMatchObject({
      status: 'failed',
      failedStep: 's4',
      failure: { code: 'output_too_large', message: expect.stringContaining('all outputs of this execution') },
    });
  }
  expect(peakMib).toBeGreaterThan(50);
  expect(peakMib).toBeLessThan(FUNCTION_MEMORY_MIB);
}, 300_000);

function residentMib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}
