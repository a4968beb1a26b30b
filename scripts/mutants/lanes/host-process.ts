import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { type HostAnswer, HostMessage, type HostRequest } from './host-messages.ts';

const HOST = join(import.meta.dirname, 'vitest-host.ts');
const START_LIMIT_MS = 60_000;
/** A host answers within the limit of a request and the longest silence of a test; later it hangs itself. */
const ANSWER_GRACE_MS = 60_000;
const SLOWER_THAN_USUAL = 4;

/** A process that runs tests in the copy of a project. */
export interface Host {
  /** Whether it can still be asked. */
  isAlive(): boolean;
  /** Its answer; undefined if it ends, or hangs, without one. Ends it if it cannot be asked again. */
  ask(request: HostRequest): Promise<HostAnswer | undefined>;
  /** Ends it and everything that its tests have started. */
  end(): void;
}

/** Starts one that sees nothing of this environment but `env`. Throws if it does not become ready. */
export async function startHost(root: string, env: Readonly<Record<string, string>>): Promise<Host> {
  const child = spawn(process.execPath, [HOST], {
    cwd: root,
    env,
    // A group of its own: it is ended together with all that its tests have started.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaint = '';
  child.stderr?.on('data', (chunk) => (complaint = (complaint + String(chunk)).slice(-2_000)));
  const end = (): void => endGroup(child);
  child.once('exit', end);
  const first = await nextMessage(child, START_LIMIT_MS);
  if (first?.kind !== 'ready') {
    end();
    throw new Error(`vitest did not start in ${root}: ${complaint.trim()}`);
  }
  let isAlive = true;
  child.once('exit', () => (isAlive = false));
  return {
    isAlive: () => isAlive,
    async ask(request) {
      child.send(request);
      const longestMs = Math.max(0, ...request.tests.map(({ usualMs }) => usualMs * SLOWER_THAN_USUAL));
      const message = await nextMessage(child, request.limitMs + longestMs + ANSWER_GRACE_MS);
      isAlive &&= message?.kind === 'answer' && !message.isSpent;
      if (!isAlive) end();
      return message?.kind === 'answer' ? message.answer : undefined;
    },
    end,
  };
}

/** The next message; undefined if the process ends before, or says nothing for so long. */
function nextMessage(child: ChildProcess, withinMs: number): Promise<HostMessage | undefined> {
  const next = Promise.withResolvers<HostMessage | undefined>();
  const onMessage = (message: unknown): void => next.resolve(HostMessage.parse(message));
  const onExit = (): void => next.resolve(undefined);
  const timer = setTimeout(onExit, withinMs);
  child.once('message', onMessage);
  child.once('exit', onExit);
  return next.promise.finally(() => {
    clearTimeout(timer);
    child.off('message', onMessage);
    child.off('exit', onExit);
  });
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The whole group has ended.
  }
}
