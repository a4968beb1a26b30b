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
import { loadProject } from '../project/load-project.ts';
import { localEnvironment, withoutChannels } from './local-environment.ts';
import { callRunner, type RunnerAnswer, type RunnerCall } from './call-runner.ts';
import type { LocalJob } from './delivery-queues.ts';
import { startStackServers, type StackServers, type StackServersOptions } from './stack-servers.ts';
import { usualPort } from './usual-port.ts';
import { openDatabase } from '../project/open-database.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** What is started, and where. */
export interface LocalStackOptions extends StackServersOptions {
  readonly dataDirectory: string;
  /** Whether mails and Slack messages leave this machine, if credentials for them are set. */
  readonly deliver: boolean;
}

/** Everything that runs on this machine for the playbooks. */
export interface LocalStack extends StackServers {
  readonly documents: Documents;
  readonly databaseName: string;
  readonly demoUrl: string;
  readonly company: SeededCompany;
  /** A file that other terminals read with `source`. */
  readonly environmentFile: string;
  /** The jobs that Cloud Scheduler would have for the playbooks in the database, as they are now. */
  jobs(): Promise<readonly LocalJob[]>;
  /** Calls the runner for a playbook. Rejects like `callRunner`. */
  call(playbookId: string, call: RunnerCall): Promise<RunnerAnswer>;
  close(): Promise<void>;
}

type Closers = (() => Promise<void>)[];

/**
 * Starts everything: data directory, database, demo company, playbooks and settings, and the built functions behind the
 * Functions Framework. Resolves to undefined if the definitions have problems, which are then printed. Throws
 * `PlaybookError` or `DocumentsError` with a sentence for people; whatever was started by then is ended.
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
  const { dataDirectory } = options;
  await makeDataDirectory(dataDirectory);
  const { documents, name: databaseName } = await openDatabase(terminal);
  closers.push(() => documents.close());
  const company = await seedAll(documents, definitions);

  const demo = await startDemo(definitions, dataDirectory, terminal.env);
  closers.push(() => demo.close());
  const { env, environmentFile, cronSecret } = await environmentOf(options, demo, terminal);

  await ensureBuilt();
  const servers = await startStackServers(options, env, closers);
  return {
    documents,
    databaseName,
    ...servers,
    demoUrl: demo.url,
    company,
    environmentFile,
    ...scheduling(documents, { url: servers.functions.url, cronSecret, oidcServiceAccount: undefined }),
  };
}

/** What the servers get, and the part of it that other terminals may read. */
async function environmentOf(
  { dataDirectory, deliver }: LocalStackOptions,
  demo: IntegrationsServer,
  terminal: Terminal,
) {
  const local = await localEnvironment(demo, terminal);
  const environmentFile = await keepEnvironment(dataDirectory, local);
  const cronSecret = await localCronSecret(dataDirectory);
  const given = deliver ? terminal.env : withoutChannels(terminal.env);
  return { env: { ...given, ...local, CRON_SECRET: cronSecret }, environmentFile, cronSecret };
}

/** What Cloud Scheduler would know and do. */
function scheduling(documents: Documents, runner: RunnerAddress): Pick<LocalStack, 'jobs' | 'call'> {
  return {
    jobs: () => jobsOf(documents, runner),
    call: (playbookId, call) =>
      callRunner({ target: targetFor(playbookId, runner), attemptDeadlineMs: ATTEMPT_DEADLINE_MS }, call),
  };
}

/** The company first: it refuses a database with other users, and then nothing else is written either. */
async function seedAll(documents: Documents, definitions: Definitions): Promise<SeededCompany> {
  const now = new Date();
  const company = await seedCompany(documents, now);
  await seedSettings(documents, definitions, now);
  await applySeed(documents, definitions.playbooks, now);
  return company;
}

async function startDemo(
  { integrations }: Definitions,
  dataDirectory: string,
  env: Terminal['env'],
): Promise<IntegrationsServer> {
  if (integrations === undefined)
    throw new PlaybookError('internal', 'integrations.yaml passed its check but is missing.');
  return startIntegrationsServer(integrations, { dataDirectory, port: await usualPort('demo', env) });
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
