import { seedCompany, type SeededCompany } from '../../demo/company/seed-company.ts';
import { startIntegrationsServer, type IntegrationsServer } from '../../demo/servers/integrations-server.ts';
import type { Definitions } from '#language/source/load-directory.ts';
import { ATTEMPT_DEADLINE_MS, jobFor, targetFor, type RunnerAddress } from '#scheduler/scheduler-plan.ts';
import { PlaybookError } from '#core/failure.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { listPlaybooks } from '#records/playbooks/playbooks.ts';
import { applySeed } from '#records/playbooks/seed-playbooks.ts';
import { seedSettings } from '#records/settings/seed-settings.ts';
import { keepEnvironment, localCronSecret, makeDataDirectory } from './data-directory.ts';
import { ensureBuilt } from '../building/ensure-built.ts';
import { freePort, onlyPort } from '../processes/free-port.ts';
import { loadProject } from '../project/load-project.ts';
import { localEnvironment, withoutChannels } from './local-environment.ts';
import type { ChildServer } from '../processes/child-server.ts';
import { callRunner, type RunnerAnswer, type RunnerCall } from './call-runner.ts';
import type { LocalJob } from './delivery-queues.ts';
import { startConsoleServer, startFunctionsServer } from './local-servers.ts';
import { openDatabase } from '../project/open-database.ts';
import type { Terminal } from '../terminal/terminal.ts';

const USUAL_DEMO_PORT = 4400;
const USUAL_RUNNER_PORT = 4500;
const USUAL_CONSOLE_PORT = 4600;

/** What is brought up, and where. */
export interface LocalStackOptions {
  readonly dataDirectory: string;
  /** Of the functions; undefined: any that is free. */
  readonly port: number | undefined;
  /** Whether mails and Slack messages leave this machine, where credentials for them are set. */
  readonly deliver: boolean;
  /** Whether the console is brought up, too. */
  readonly console: boolean;
  /** Gets every line that the functions and the console print. */
  onFunctionsLine?(line: string): void;
}

/** Everything that runs on this machine for the playbooks. */
export interface LocalStack {
  readonly documents: Documents;
  readonly databaseName: string;
  /** Its address is that of the function `playbookRunner`. */
  readonly functions: ChildServer;
  /** Undefined where nobody was going to look. */
  readonly console: ChildServer | undefined;
  readonly demoUrl: string;
  readonly company: SeededCompany;
  /** To be read with `source` by other terminals. */
  readonly environmentFile: string;
  /** The jobs that Cloud Scheduler would have for the playbooks of the database, as they are at this moment. */
  jobs(): Promise<readonly LocalJob[]>;
  /** Calls the runner for a playbook. Rejects like `callRunner`. */
  call(playbookId: string, call: RunnerCall): Promise<RunnerAnswer>;
  close(): Promise<void>;
}

type Closers = (() => Promise<void>)[];

/**
 * Brings everything up: data directory, database, demo company, playbooks and settings, and the built functions behind the
 * Functions Framework. Resolves to undefined when the definitions have problems, which were printed then. Throws
 * `PlaybookError` or `DocumentsError` with a sentence for people; what was started by then is ended.
 */
export async function openLocalStack(options: LocalStackOptions, terminal: Terminal): Promise<LocalStack | undefined> {
  const closers: Closers = [];
  async function close(): Promise<void> {
    for (const closer of closers.splice(0).toReversed()) await closer();
  }
  try {
    const definitions = await loadProject(terminal, undefined);
    return definitions === undefined ? undefined : { ...(await open(definitions, options, terminal, closers)), close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

async function open(
  definitions: Definitions,
  options: LocalStackOptions,
  terminal: Terminal,
  closers: Closers,
): Promise<Omit<LocalStack, 'close'>> {
  const { dataDirectory, port, deliver, onFunctionsLine } = options;
  await makeDataDirectory(dataDirectory);
  const { documents, name: databaseName } = await openDatabase(terminal);
  closers.push(() => documents.close());
  const company = await seedAll(documents, definitions);

  const demo = await startDemo(definitions, dataDirectory, terminal.env);
  closers.push(() => demo.close());
  const local = await localEnvironment(demo, terminal);
  const environmentFile = await keepEnvironment(dataDirectory, local);
  const cronSecret = await localCronSecret(dataDirectory);

  await ensureBuilt();
  const env = { ...(deliver ? terminal.env : withoutChannels(terminal.env)), ...local, CRON_SECRET: cronSecret };
  const onLine = onFunctionsLine === undefined ? {} : { onLine: onFunctionsLine };
  const runnerPort = port === undefined ? await freePort(usual(USUAL_RUNNER_PORT, terminal.env)) : await onlyPort(port);
  // The runner gives its leases back when it is stopped: after the database, it could not.
  const servers: ChildServer[] = [];
  closers.push(async () => void (await Promise.all(servers.map((server) => server.stop()))));
  const kept = (server: ChildServer): ChildServer => {
    servers.push(server);
    return server;
  };
  const [functions, consoleServer] = await Promise.all([
    startFunctionsServer({ port: runnerPort, env, ...onLine }).then(kept),
    options.console ? startConsole(runnerPort, env, onLine).then(kept) : undefined,
  ]);
  const runner = { url: functions.url, cronSecret, oidcServiceAccount: undefined };
  return {
    documents,
    databaseName,
    functions,
    console: consoleServer,
    demoUrl: demo.url,
    company,
    environmentFile,
    jobs: () => jobsOf(documents, runner),
    call: (playbookId, call) =>
      callRunner({ target: targetFor(playbookId, runner), attemptDeadlineMs: ATTEMPT_DEADLINE_MS }, call),
  };
}

/** For this machine: whoever reaches it needs no account. */
async function startConsole(
  runnerPort: number,
  env: Readonly<Record<string, string | undefined>>,
  onLine: { onLine?(line: string): void },
): Promise<ChildServer> {
  return startConsoleServer({
    port: await freePort(usual(USUAL_CONSOLE_PORT, env)),
    env: {
      ...env,
      CONSOLE_HOST: '127.0.0.1',
      CONSOLE_LOCAL_OPERATOR: '1',
      PLAYBOOK_RUNNER_URL: `http://127.0.0.1:${runnerPort}/`,
    },
    ...onLine,
  });
}

/** The company first: it refuses a database with users of its own, and then nothing else is written either. */
async function seedAll(documents: Documents, definitions: Definitions): Promise<SeededCompany> {
  const now = new Date();
  const company = await seedCompany(documents, now);
  await seedSettings(documents, definitions, now);
  await applySeed(documents, definitions.playbooks, now);
  return company;
}

/** `PLAYBOOK_LOCAL_PORTS=any` has several that start in the same moment not want the same port. */
function usual(port: number, env: Terminal['env']): number {
  return env['PLAYBOOK_LOCAL_PORTS'] === 'any' ? 0 : port;
}

async function startDemo(
  { integrations }: Definitions,
  dataDirectory: string,
  env: Terminal['env'],
): Promise<IntegrationsServer> {
  if (integrations === undefined)
    throw new PlaybookError('internal', 'integrations.yaml passed its check and is missing.');
  return startIntegrationsServer(integrations, { dataDirectory, port: await freePort(usual(USUAL_DEMO_PORT, env)) });
}

async function jobsOf(documents: Documents, runner: RunnerAddress): Promise<readonly LocalJob[]> {
  const { playbooks } = await listPlaybooks(documents);
  return playbooks
    .filter(({ enabled }) => enabled)
    .flatMap(({ id, name, definition }) => {
      const job = jobFor(definition, runner);
      return job === undefined ? [] : [{ ...job, playbookId: id, playbookName: name }];
    });
}
