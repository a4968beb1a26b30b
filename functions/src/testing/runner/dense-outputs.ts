import { readFileSync } from 'node:fs';
import { slotExecutionId } from '#engine/record/execution-id.ts';
import type { Execution } from '#engine/record/execution.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import { FUNCTION_MEMORY_MIB } from '#functions/function-memory.ts';
import { loadExecution } from '#records/executions/executions.ts';
import { applySeed } from '#records/playbooks/seed-playbooks.ts';
import { deliver, type DeliveryAnswer } from './deliver.ts';
import { startLocalServer } from '../servers/local-server.ts';
import { sqliteFile } from './runner-databases.ts';
import { startRunnerProcess } from './runner-process.ts';

const SECRET = 'known-to-this-test-only';
const STEPS = 20;
const OBJECTS = 430_000;

/** The result of executions whose outputs have the maximum size and density. */
export interface DenseOutcome {
  readonly answers: readonly DeliveryAnswer[];
  readonly executions: readonly (Execution | undefined)[];
  /** The peak memory of the process, in MiB. */
  readonly peakMib: number;
  /** The time for all of them together. */
  readonly tookMs: number;
}

/**
 * Delivers `atOnce` playbooks at the same time to the function built in `source`. Each has 20 steps, each step an output of
 * 4.2 MB of JSON with 430,000 objects. The heap may take three quarters of the function's memory in the cloud.
 */
export async function runDenseOutputs(source: string, atOnce: number): Promise<DenseOutcome> {
  const database = sqliteFile();
  const body = JSON.stringify({ l: Array.from({ length: OBJECTS }, (_, index) => ({ i: index % 1_000 })) });
  const headers = { 'content-type': 'application/json' };
  const api = await startLocalServer(() => ({ kind: 'reply', status: 200, headers, body }));
  const ids = Array.from({ length: atOnce }, (_, index) => `ops_dense_${index}`);
  await applySeed(
    database.documents,
    ids.map((id) => seeded(id, api.url)),
    new Date(),
  );
  const runner = await startRunnerProcess({
    source,
    env: {
      ...database.env,
      CRON_SECRET: SECRET,
      HTTP_ALLOW_PRIVATE: `${api.host}:${api.port}`,
      NODE_OPTIONS: `--max-old-space-size=${Math.round(FUNCTION_MEMORY_MIB * 0.75)}`,
    },
  });
  const memory = sampledMemory(runner.pid);
  try {
    const slot = new Date(Math.floor(Date.now() / 60_000) * 60_000);
    const beganMs = performance.now();
    const answers = await Promise.all(
      ids.map((playbookId) => deliver({ url: runner.url, secret: SECRET, playbookId, slot, timeoutMs: 280_000 })),
    );
    const tookMs = performance.now() - beganMs;
    const executions = await Promise.all(ids.map((id) => loadExecution(database.documents, slotExecutionId(id, slot))));
    return { answers, executions, peakMib: memory.peakMib(), tookMs };
  } finally {
    memory.stop();
    await runner.kill();
    await api.close();
    await database.close();
  }
}

function seeded(id: string, url: string) {
  const steps = Array.from({ length: STEPS }, (_, index) => ({
    id: `s${index}`,
    type: 'tool_call',
    tool: 'httpRequest',
    with: { url: `${url}/`, timeoutMs: 120_000 },
    timeout: '5m',
  }));
  return { playbook: Playbook.parse({ id, name: 'Dense', steps, deadline: '20m' }), version: 'v1', source: '' };
}

function sampledMemory(pid: number) {
  let peakMib = 0;
  const sample = (): void => {
    peakMib = Math.max(peakMib, residentMib(pid));
  };
  const sampling = setInterval(sample, 20);
  return { peakMib: () => Math.round(peakMib), stop: () => clearInterval(sampling) };
}

/** 0 if the process has ended. */
function residentMib(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
