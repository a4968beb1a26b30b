import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../servers/free-port.ts';

const FRAMEWORK = fileURLToPath(new URL('main.js', import.meta.resolve('@google-cloud/functions-framework')));
const LOOPBACK_ONLY = fileURLToPath(new URL('../../../../scripts/processes/loopback-only.mjs', import.meta.url));
const START_LIMIT_MS = 30_000;
const KEPT_OUTPUT_CHARS = 20_000;

/** The function to start, and its environment: it inherits only what every process needs. */
export interface RunnerProcessOptions {
  /** A folder with a `package.json` whose `main` exports the function. */
  readonly source: string;
  /** `playbookRunner` by default. */
  readonly target?: string;
  readonly env: Readonly<Record<string, string>>;
  /** Modules to load before everything else, by path. */
  readonly preload?: readonly string[];
}

/** A function behind the real Functions Framework, in a separate process on a free loopback port. */
export interface RunnerProcess {
  /** `http://127.0.0.1:PORT`, without a trailing slash. */
  readonly url: string;
  /** The process id, to measure its memory. */
  readonly pid: number;
  /** The end of its output. */
  output(): string;
  /** `kill -9`. Resolves when the process has ended. */
  kill(): Promise<void>;
  /** Sends SIGTERM, as the cloud does before it removes an instance. Resolves to the exit code, or the signal that ended it. */
  terminate(): Promise<number | NodeJS.Signals>;
}

/** Resolves when the function listens. Throws with its output if it ends before that or takes 30 seconds. */
export async function startRunnerProcess(options: RunnerProcessOptions): Promise<RunnerProcess> {
  const { source, target = 'playbookRunner', env, preload = [] } = options;
  const port = await freePort();
  const imports = [LOOPBACK_ONLY, ...preload].flatMap((module) => ['--import', module]);
  const argv = [...imports, FRAMEWORK, '--source', source, '--target', target, '--port', String(port)];
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

/** Tries to connect until the port is open; false if the process ends before that. */
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
