import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../servers/free-port.ts';

const FRAMEWORK = fileURLToPath(new URL('main.js', import.meta.resolve('@google-cloud/functions-framework')));
const LOOPBACK_ONLY = fileURLToPath(new URL('../../../../scripts/processes/loopback-only.mjs', import.meta.url));
const START_LIMIT_MS = 30_000;
const KEPT_OUTPUT_CHARS = 20_000;

/** Which function is started, and in which environment: nothing of ours is inherited but what a process needs. */
export interface RunnerProcessOptions {
  /** A folder with a `package.json` whose `main` exports the function. */
  readonly source: string;
  /** `playbookRunner` unless said otherwise. */
  readonly target?: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A function behind the real Functions Framework, in a process of its own on a free loopback port. */
export interface RunnerProcess {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  /** The process, for whoever looks at its memory. */
  readonly pid: number;
  /** What it has printed, the end of it. */
  output(): string;
  /** `kill -9`. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** What the cloud does before it removes an instance: SIGTERM. Resolves to the exit code, or the signal that ended it. */
  terminate(): Promise<number | NodeJS.Signals>;
}

/** Resolves when the function listens. Throws, with what it printed, when it ends before or takes 30 seconds. */
export async function startRunnerProcess(options: RunnerProcessOptions): Promise<RunnerProcess> {
  const { source, target = 'playbookRunner', env } = options;
  const port = await freePort();
  const argv = ['--import', LOOPBACK_ONLY, FRAMEWORK, '--source', source, '--target', target, '--port', String(port)];
  const child = spawn(process.execPath, argv, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], METADATA_SERVER_DETECTION: 'none', ...env },
  });
  const gone = once(child, 'exit');
  const output = keepOutput(child);
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  void gone.then(() => process.off('exit', endWithUs));

  async function end(signal: NodeJS.Signals): Promise<void> {
    child.kill(signal);
    await gone;
  }
  if (!(await listens(child, port))) {
    await end('SIGKILL');
    throw new Error(`The function did not start. It printed:\n${output()}`);
  }
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? Number.NaN,
    output,
    kill: () => end('SIGKILL'),
    async terminate() {
      await end('SIGTERM');
      return child.exitCode ?? child.signalCode ?? Number.NaN;
    },
  };
}

function keepOutput(child: ChildProcess): () => string {
  let kept = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      kept = (kept + text).slice(-KEPT_OUTPUT_CHARS);
    });
  }
  return () => kept;
}

/** Knocks until somebody opens; false when the process has ended before. */
async function listens(child: ChildProcess, port: number): Promise<boolean> {
  const limitMs = performance.now() + START_LIMIT_MS;
  while (performance.now() < limitMs && child.exitCode === null) {
    if (await accepts(port)) return true;
    await delay(2);
  }
  return false;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
