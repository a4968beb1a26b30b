import { seedCompany, type SeededCompany } from '../demo/seed-company.ts';
import { startIntegrationsServer, type IntegrationsServer } from '../demo/integrations-server.ts';
import type { Definitions } from '../functions/src/definitions/load-directory.ts';
import { jobFor, type RunnerAddress } from '../functions/src/definitions/scheduler-plan.ts';
import { readConfig } from '../functions/src/config.ts';
import { PlaybookError } from '../functions/src/engine/failure.ts';
import type { Documents } from '../functions/src/ports/documents.ts';
import { listPlaybooks } from '../functions/src/records/playbooks.ts';
import { applySeed } from '../functions/src/records/seed-playbooks.ts';
import { seedSettings } from '../functions/src/records/seed-settings.ts';
import { keepEnvironment, localCronSecret, makeDataDirectory } from './data-directory.ts';
import { ensureBuilt } from './ensure-built.ts';
import { freePort, onlyPort } from './free-port.ts';
import { projectIdOf } from './google-project.ts';
import { loadProject } from './load-project.ts';
import type { ChildServer } from './child-server.ts';
import type { LocalJob } from './local-scheduler.ts';
import { startConsoleServer, startFunctionsServer } from './local-servers.ts';
import { openDatabase } from './open-database.ts';
import type { Terminal } from './terminal.ts';

const USUAL_DEMO_PORT = 4400;
const USUAL_RUNNER_PORT = 4500;
const USUAL_CONSOLE_PORT = 4600;

/** What tells people something outside; the demo company does not, unless asked to. */
const CHANNEL_SECRETS = ['MAILJET_API_KEY', 'MAILJET_API_SECRET', 'SLACK_WEBHOOK_URL'];

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

  const demo = await startDemo(definitions, dataDirectory);
  closers.push(() => demo.close());
  const local = await localEnvironment(demo, terminal);
  const environmentFile = await keepEnvironment(dataDirectory, local);
  const cronSecret = await localCronSecret(dataDirectory);

  await ensureBuilt();
  const env = { ...(deliver ? terminal.env : withoutChannels(terminal.env)), ...local, CRON_SECRET: cronSecret };
  const onLine = onFunctionsLine === undefined ? {} : { onLine: onFunctionsLine };
  const runnerPort = port === undefined ? await freePort(USUAL_RUNNER_PORT) : await onlyPort(port);
  const [functions, consoleServer] = await Promise.all([
    startFunctionsServer({ port: runnerPort, env, ...onLine }).then((server) => {
      closers.push(() => server.stop());
      return server;
    }),
    options.console ? startConsole(runnerPort, env, onLine, closers) : undefined,
  ]);
  const runner = { url: functions.url, cronSecret, oidcServiceAccount: undefined };
  const jobs = (): Promise<readonly LocalJob[]> => jobsOf(documents, runner);
  return {
    documents,
    databaseName,
    functions,
    console: consoleServer,
    demoUrl: demo.url,
    company,
    environmentFile,
    jobs,
  };
}

/** For whoever sits at this machine, who needs no account then. */
async function startConsole(
  runnerPort: number,
  env: Readonly<Record<string, string | undefined>>,
  onLine: { onLine?(line: string): void },
  closers: Closers,
): Promise<ChildServer> {
  const server = await startConsoleServer({
    port: await freePort(USUAL_CONSOLE_PORT),
    env: {
      ...env,
      CONSOLE_HOST: '127.0.0.1',
      CONSOLE_LOCAL_OPERATOR: '1',
      PLAYBOOK_RUNNER_URL: `http://127.0.0.1:${runnerPort}/`,
    },
    ...onLine,
  });
  closers.push(() => server.stop());
  return server;
}

/** The company first: it refuses a database with users of its own, and then nothing else is written either. */
async function seedAll(documents: Documents, definitions: Definitions): Promise<SeededCompany> {
  const now = new Date();
  const company = await seedCompany(documents, now);
  await seedSettings(documents, definitions, now);
  await applySeed(documents, definitions.playbooks, now);
  return company;
}

async function startDemo({ integrations }: Definitions, dataDirectory: string): Promise<IntegrationsServer> {
  if (integrations === undefined)
    throw new PlaybookError('internal', 'integrations.yaml passed its check and is missing.');
  return startIntegrationsServer(integrations, { dataDirectory, port: await freePort(USUAL_DEMO_PORT) });
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

/** The settings by which the functions, and commands in other terminals, find the database and the demo company. */
async function localEnvironment(
  demo: Pick<IntegrationsServer, 'url' | 'hostPort'>,
  terminal: Terminal,
): Promise<Readonly<Record<string, string>>> {
  const { env } = terminal;
  const allowed = new Set(
    [...(env['HTTP_ALLOW_PRIVATE'] ?? '').split(','), demo.hostPort].filter((entry) => entry !== ''),
  );
  const emulator = env['FIRESTORE_EMULATOR_HOST'];
  const isFirestore = readConfig(env, { callers: false }).database.kind === 'firestore';
  return {
    PLAYBOOK_DATABASE: env['PLAYBOOK_DATABASE'] ?? 'firestore',
    ...(isFirestore ? { GOOGLE_CLOUD_PROJECT: await projectIdOf(undefined, terminal) } : {}),
    ...(isFirestore && emulator ? { FIRESTORE_EMULATOR_HOST: emulator } : {}),
    // Nothing here needs Google's credentials, and looking for a metadata server that is not there takes seconds.
    ...(isFirestore && !emulator ? {} : { METADATA_SERVER_DETECTION: 'none' }),
    PLAYBOOK_DEMO_URL: demo.url,
    HTTP_ALLOW_PRIVATE: [...allowed].join(','),
  };
}

function withoutChannels(env: Terminal['env']): Terminal['env'] {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !CHANNEL_SECRETS.includes(name)));
}

/** The channel credentials of the environment, which are not used unless messages are to be delivered. */
export function channelSecretsIn(env: Terminal['env']): readonly string[] {
  return CHANNEL_SECRETS.filter((name) => (env[name] ?? '') !== '');
}
