import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const LOOK_AGAIN_MS = 20;
const START = join(import.meta.dirname, '..', 'commands', 'start.ts');

/** An `npm start` in a separate process, for tests. */
export interface StartProcess {
  readonly pid: number | undefined;
  /** Its output so far. */
  output(): string;
  /** Its exit code, after it has ended. */
  ended(): Promise<number | null>;
  end(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
  /** Resolves when it has printed this. Throws, with its output, if it ends before. */
  says(text: string): Promise<void>;
  /** Resolves when it is keeping the schedules. Throws like `says`. */
  ready(): Promise<void>;
  /** The address of `Runner`, `Console` or `Demo company`. */
  urlOf(name: string): string;
}

interface Options {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Below a shell, like npm does it. Signals go to the shell, which does not pass them on. */
  readonly belowShell?: boolean;
}

const alive = new Set<StartProcess>();

/** Starts it on a data directory; from this environment it takes only the paths of programs. */
export function startProcess(dataDirectory: string, options: Options = {}): StartProcess {
  const child = spawnStart(dataDirectory, options);
  const exit = once(child, 'close');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));

  const one: StartProcess = {
    pid: child.pid,
    output: () => output,
    async ended() {
      await exit;
      alive.delete(one);
      return child.exitCode;
    },
    async end(signal) {
      child.kill(signal);
      return one.ended();
    },
    says: (text) => untilSaid(text, child, () => output),
    ready: () => one.says('Keeping the schedules'),
    urlOf: (name) => new RegExp(`${name}\\s.*?(http://\\S+)`).exec(output)?.[1] ?? '',
  };
  alive.add(one);
  return one;
}

async function untilSaid(text: string, child: ChildProcess, output: () => string): Promise<void> {
  while (!output().includes(text)) {
    if (child.exitCode !== null) throw new Error(`It ended by itself:\n${output()}`);
    await delay(LOOK_AGAIN_MS);
  }
}

function spawnStart(dataDirectory: string, { argv = [], env = {}, belowShell = false }: Options) {
  const words = [process.execPath, START, '--data', dataDirectory, ...argv];
  const [program = '', ...rest] = belowShell ? ['sh', '-c', '"$0" "$@"; exit $?', ...words] : words;
  const { PATH, HOME } = process.env;
  return spawn(program, rest, {
    env: { PATH, HOME, PLAYBOOK_LOCAL_PORTS: 'any', ...(belowShell ? { npm_lifecycle_event: 'start' } : {}), ...env },
  });
}

/** Kills those that are still running. */
export async function endStartProcesses(): Promise<void> {
  for (const one of alive) await one.end('SIGKILL');
}
