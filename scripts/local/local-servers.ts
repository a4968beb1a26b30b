import { join } from 'node:path';
import { startChildServer, type ChildServer } from '../processes/child-server.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FRAMEWORK = join(ROOT, 'node_modules', '@google-cloud', 'functions-framework', 'build', 'src', 'main.js');

/** Where a server listens, and its environment. */
export interface LocalServerOptions {
  readonly port: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called with every line that the process prints. */
  onLine?(line: string): void;
}

/** Starts the built functions as Cloud Run would, with `playbookRunner` on `port`. Throws like `startChildServer`. */
export function startFunctionsServer({ port, ...options }: LocalServerOptions): Promise<ChildServer> {
  return startChildServer({
    ...options,
    name: 'The functions',
    argv: [FRAMEWORK, `--source=${join(ROOT, 'functions')}`, '--target=playbookRunner', `--port=${port}`],
    url: `http://127.0.0.1:${port}/`,
    // A caller without the secret is refused: that is an answer, and it reads and writes nothing.
    ask: async (url) => {
      const response = await fetch(url, { method: 'POST' });
      await response.body?.cancel();
      return response.status === 401;
    },
  });
}

/** Starts the built console like App Hosting, reachable only from this machine. Throws like `startChildServer`. */
export function startConsoleServer({ port, env, ...options }: LocalServerOptions): Promise<ChildServer> {
  return startChildServer({
    ...options,
    name: 'The console',
    argv: [join(ROOT, 'console', 'dist', 'server.js')],
    url: `http://127.0.0.1:${port}/`,
    env: { ...env, PORT: String(port) },
    ask: async (url) => (await fetch(new URL('/healthz', url))).ok,
  });
}
