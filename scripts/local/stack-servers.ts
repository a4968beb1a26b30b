import type { ChildServer } from '../processes/child-server.ts';
import { onlyPort } from '../processes/free-port.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { startConsoleServer, startFunctionsServer } from './local-servers.ts';
import { usualPort } from './usual-port.ts';

/** Which servers are started, and where. */
export interface StackServersOptions {
  /** The port of the functions; undefined for any free one. */
  readonly port: number | undefined;
  /** Whether the console is started, too. */
  readonly console: boolean;
  /** Called with every line that the functions and the console print. */
  onFunctionsLine?(line: string): void;
}

/** The servers of the product. */
export interface StackServers {
  /** Its address is that of the function `playbookRunner`. */
  readonly functions: ChildServer;
  /** Undefined if no console was requested. */
  readonly console: ChildServer | undefined;
}

type Environment = Terminal['env'];
type OnLine = { onLine?(line: string): void };

/**
 * Starts the built functions and, if requested, the console, at the same time. `closers` gets what ends those that were
 * started, even if the other one failed. Throws like `startChildServer`, and `unavailable` if the port is taken.
 */
export async function startStackServers(
  { port, console, onFunctionsLine }: StackServersOptions,
  env: Environment,
  closers: (() => Promise<void>)[],
): Promise<StackServers> {
  const onLine: OnLine = onFunctionsLine === undefined ? {} : { onLine: onFunctionsLine };
  const runnerPort = port === undefined ? await usualPort('runner', env) : await onlyPort(port);
  // The runner gives its leases back when it is stopped: after the database is closed, it could not.
  const servers: ChildServer[] = [];
  closers.push(async () => void (await Promise.all(servers.map((server) => server.stop()))));
  const kept = (server: ChildServer): ChildServer => {
    servers.push(server);
    return server;
  };
  const [functions, consoleServer] = await Promise.all([
    startFunctionsServer({ port: runnerPort, env, ...onLine }).then(kept),
    console ? startConsole(runnerPort, env, onLine).then(kept) : undefined,
  ]);
  return { functions, console: consoleServer };
}

/** Only for this machine: everyone who can reach it needs no account. */
async function startConsole(runnerPort: number, env: Environment, onLine: OnLine): Promise<ChildServer> {
  return startConsoleServer({
    port: await usualPort('console', env),
    env: {
      ...env,
      CONSOLE_HOST: '127.0.0.1',
      CONSOLE_LOCAL_OPERATOR: '1',
      PLAYBOOK_RUNNER_URL: `http://127.0.0.1:${runnerPort}/`,
    },
    ...onLine,
  });
}
