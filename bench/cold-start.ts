import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firestoreDocuments } from '#adapters/firestore/documents.ts';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { applySeed } from '#records/playbooks/seed-playbooks.ts';
import { startRunnerProcess, type RunnerProcessOptions } from '#testing/runner/runner-process.ts';
import type { BenchDatabase } from './database.ts';
import { BENCH_PROJECT } from './emulator-database.ts';
import { median, rounded } from './figures.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SECRET = 'known-to-the-benchmark-only';

/** From the start of the process to its first answer. */
export interface ColdStart {
  readonly bench: 'cold-start';
  readonly database: BenchDatabase['name'];
  /** The built function: a recorded execution of one step. */
  readonly runnerMs: number;
  /** A handler behind the same Functions Framework that answers `ok` and uses no database. */
  readonly bareMs: number;
  readonly byBare: number;
}

/** A function on disk, and the request to send it. */
interface Target extends Required<Omit<RunnerProcessOptions, 'preload'>> {
  readonly path: string;
}

/** Starts the built function and the bare handler in turn. `npm run build` must have run. */
export async function benchColdStart(
  databases: readonly BenchDatabase['name'][],
  rounds: number,
): Promise<readonly ColdStart[]> {
  const folder = mkdtempSync(join(tmpdir(), 'playbook-cold-start-'));
  const bare = bareTarget(folder);
  const targets: (readonly [BenchDatabase['name'], Target])[] = [];
  for (const name of databases) targets.push([name, await runnerTarget(name, folder)]);
  const tookMs = new Map<Target, number[]>(
    [bare, ...targets.map(([, target]) => target)].map((target) => [target, []]),
  );
  for (let round = 0; round <= rounds; round += 1) {
    for (const [target, times] of tookMs) {
      const ms = await firstAnswerMs(target);
      // The first round fills the disk caches.
      if (round > 0) times.push(ms);
    }
  }
  rmSync(folder, { recursive: true });
  const bareMs = rounded(median(tookMs.get(bare) ?? []));
  return targets.map(([database, target]) => {
    const runnerMs = rounded(median(tookMs.get(target) ?? []));
    return { bench: 'cold-start', database, runnerMs, bareMs, byBare: rounded(runnerMs / bareMs) };
  });
}

function bareTarget(folder: string): Target {
  const source = join(folder, 'bare');
  mkdirSync(source);
  writeFileSync(join(source, 'index.js'), "exports.bare = (request, response) => { response.send('ok'); };\n");
  writeFileSync(join(source, 'package.json'), '{ "main": "index.js" }\n');
  return { source, target: 'bare', env: { NODE_ENV: 'production' }, path: '/' };
}

async function runnerTarget(database: BenchDatabase['name'], folder: string): Promise<Target> {
  const file = join(folder, 'playbooks.db');
  await seedOneStep(
    database === 'sqlite' ? sqliteDocuments({ file }) : firestoreDocuments({ projectId: BENCH_PROJECT }),
  );
  const PLAYBOOK_DATABASE = database === 'sqlite' ? `sqlite:${file}` : 'firestore';
  const env = {
    NODE_ENV: 'production',
    PLAYBOOK_DATABASE,
    CRON_SECRET: SECRET,
    GOOGLE_CLOUD_PROJECT: BENCH_PROJECT,
    FIRESTORE_EMULATOR_HOST: process.env['FIRESTORE_EMULATOR_HOST'] ?? '',
    NODE_OPTIONS: '--preserve-symlinks',
  };
  return { source: deployedFunctions(folder), target: 'playbookRunner', env, path: '/?playbookId=bench_cold_start' };
}

/** Laid out like in the cloud, with the packages next to `lib/`: only there does the compile cache find them. */
function deployedFunctions(folder: string): string {
  const source = join(folder, 'functions');
  if (existsSync(source)) return source;
  cpSync(join(ROOT, 'functions', 'lib'), join(source, 'lib'), { recursive: true });
  cpSync(join(ROOT, 'functions', 'package.json'), join(source, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(source, 'node_modules'), 'junction');
  return source;
}

async function seedOneStep(documents: Documents): Promise<void> {
  const steps = [{ id: 'always', type: 'condition', if: 'true', then: [] }];
  const playbook = Playbook.parse({ id: 'bench_cold_start', name: 'Cold start', steps });
  await applySeed(documents, [{ playbook, version: 'v1', source: '' }], new Date());
  await documents.close();
}

/** Throws unless the answer is 200. */
async function firstAnswerMs({ source, target, env, path }: Target): Promise<number> {
  const startMs = performance.now();
  const child = await startRunnerProcess({ source, target, env });
  try {
    const headers = { authorization: `Bearer ${SECRET}` };
    const answer = await fetch(`${child.url}${path}`, { method: 'POST', headers });
    const text = await answer.text();
    const tookMs = performance.now() - startMs;
    if (answer.status !== 200) throw new Error(`${target} answered ${answer.status}: ${text}\n${child.output()}`);
    return tookMs;
  } finally {
    await child.kill();
  }
}
