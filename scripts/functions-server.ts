import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { PlaybookError } from '../functions/src/engine/failure.ts';

const ROOT = join(import.meta.dirname, '..');
const FRAMEWORK = join(ROOT, 'node_modules', '@google-cloud', 'functions-framework', 'build', 'src', 'main.js');
const END_WITH_PARENT = join(import.meta.dirname, 'end-with-parent.ts');

const START_TIMEOUT_MS = 30_000;
const LOOK_AGAIN_MS = 25;
const END_TIMEOUT_MS = 5_000;
const LAST_LINES = 30;

/** The built functions behind the Functions Framework, in a process of their own. */
export interface FunctionsServer {
  /** Of the function `playbookRunner`. */
  readonly url: string;
  /** Resolves when the process has ended without being asked to, with its last words. */
  readonly ended: Promise<string>;
  /** What it printed last. */
  lastLines(): string;
  /** Ends it, gently first; resolves when it is gone. */
  stop(): Promise<void>;
}

/** Where the functions listen, and with which environment. */
export interface FunctionsServerOptions {
  readonly port: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gets every line that the process prints. */
  onLine?(line: string): void;
}

/**
 * Starts the built functions as Cloud Run would, with `playbookRunner` on `port`, and resolves when they answer. The process
 * ends with this one, whatever ends this one. Throws `unavailable` with its last words when it ends first or does not answer.
 */
export async function startFunctionsServer({ port, env, onLine }: FunctionsServerOptions): Promise<FunctionsServer> {
  const child = spawn(
    process.execPath,
    [
      '--import',
      END_WITH_PARENT,
      FRAMEWORK,
      `--source=${join(ROOT, 'functions')}`,
      '--target=playbookRunner',
      `--port=${port}`,
    ],
    // In a group of its own: Ctrl-C is for us, and we end it when what it is doing is done.
    { env, stdio: ['pipe', 'pipe', 'pipe'], detached: true },
  );
  const lines: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => {
      lines.push(line);
      lines.splice(0, lines.length - LAST_LINES);
      onLine?.(line);
    });
  }
  const lastLines = (): string => lines.join('\n');
  let stopping = false;
  const exit = once(child, 'close');
  const ended = exit.then(() => (stopping ? new Promise<never>(() => undefined) : lastLines()));
  const server: FunctionsServer = {
    url: `http://127.0.0.1:${port}/`,
    ended,
    lastLines,
    async stop() {
      stopping = true;
      await end(child, exit);
    },
  };
  try {
    await answers(server, child);
    return server;
  } catch (thrown) {
    await server.stop();
    throw thrown;
  }
}

async function end(child: ChildProcess, exit: Promise<unknown>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  const killing = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS);
  await exit;
  clearTimeout(killing);
}

/** Whoever has no secret is refused: that is an answer, and it reads and writes nothing. */
async function answers(server: FunctionsServer, child: ChildProcess): Promise<void> {
  const untilMs = Date.now() + START_TIMEOUT_MS;
  while (child.exitCode === null && child.signalCode === null && Date.now() < untilMs) {
    const isUp = await fetch(server.url, { method: 'POST' }).then(
      async (response) => (await response.body?.cancel(), response.status === 401),
      () => false,
    );
    if (isUp) return;
    await delay(LOOK_AGAIN_MS);
  }
  const what =
    Date.now() < untilMs ? 'ended while they were being started' : `did not answer within ${START_TIMEOUT_MS / 1000} s`;
  throw new PlaybookError('unavailable', `The functions ${what}. Their last words:\n${server.lastLines()}`);
}
