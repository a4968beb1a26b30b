import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { PlaybookError } from '#core/failure.ts';

/** Loaded before the server's own code. */
const BEFOREHAND = ['end-with-parent.mjs', 'loopback-only.mjs'].flatMap((name) => [
  '--import',
  join(import.meta.dirname, name),
]);

const START_TIMEOUT_MS = 30_000;
const LOOK_AGAIN_MS = 25;
/** Cloud Run gives ten seconds, so a server may take that long, plus some slack for a busy machine. */
const END_TIMEOUT_MS = 12_000;
const LAST_LINES = 30;

/** A server in a separate process. */
export interface ChildServer {
  readonly url: string;
  /** Resolves with its last output when the process has ended unexpectedly. */
  readonly ended: Promise<string>;
  /** Its last output. */
  lastLines(): string;
  /**
   * Asks it to end and waits, for a limited time, until its work is done or handed over, then kills it; resolves when
   * it is gone.
   */
  stop(): Promise<void>;
}

/** What to start, and how to tell that it is ready. */
export interface ChildServerOptions {
  /** The beginning of a sentence: `The functions`. */
  readonly name: string;
  /** The script and its arguments. */
  readonly argv: readonly string[];
  readonly url: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether an answer shows that it is ready. Asked repeatedly until it does. */
  ask(url: string): Promise<boolean>;
  /** Called with every line that the process prints. */
  onLine?(line: string): void;
  /** How long it may take to end when asked to; 12 s by default. */
  readonly endTimeoutMs?: number;
}

/**
 * Starts a server and resolves when it answers. Only this machine can reach it, and its process ends with this one,
 * whatever ends this one. Throws `unavailable` with its last output if it ends first or does not answer within 30 s.
 */
export async function startChildServer(options: ChildServerOptions): Promise<ChildServer> {
  const child = spawnServer(options);
  const lastLines = readLines(child, options.onLine);
  let stopping = false;
  const exit = once(child, 'close');
  const ended = exit.then(() => (stopping ? new Promise<never>(() => undefined) : lastLines()));
  const server: ChildServer = {
    url: options.url,
    ended,
    lastLines,
    async stop() {
      stopping = true;
      await end(child, exit, options.endTimeoutMs ?? END_TIMEOUT_MS);
    },
  };
  try {
    await answers(server, child, options);
    return server;
  } catch (thrown) {
    await server.stop();
    throw thrown;
  }
}

/** In its own process group: Ctrl-C is for us, and we end it when its work is done. */
function spawnServer({ argv, env }: ChildServerOptions): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [...BEFOREHAND, ...argv], { env, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
}

/** Passes on every line that a process prints; the returned function returns the last ones. */
function readLines(
  { stdout, stderr }: ChildProcessWithoutNullStreams,
  onLine: ((line: string) => void) | undefined,
): () => string {
  const lines: string[] = [];
  for (const input of [stdout, stderr]) {
    createInterface({ input }).on('line', (line) => {
      lines.push(line);
      lines.splice(0, lines.length - LAST_LINES);
      onLine?.(line);
    });
  }
  return () => lines.join('\n');
}

async function end(child: ChildProcess, exit: Promise<unknown>, timeoutMs: number): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  const killing = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  await exit;
  clearTimeout(killing);
}

async function answers(server: ChildServer, child: ChildProcess, { name, ask }: ChildServerOptions): Promise<void> {
  const untilMs = Date.now() + START_TIMEOUT_MS;
  while (child.exitCode === null && child.signalCode === null && Date.now() < untilMs) {
    if (await ask(server.url).catch(() => false)) return;
    await delay(LOOK_AGAIN_MS);
  }
  const what = Date.now() < untilMs ? 'ended during its start' : `did not answer within ${START_TIMEOUT_MS / 1000} s`;
  throw new PlaybookError('unavailable', `${name} ${what}. Its last output:\n${server.lastLines()}`);
}
