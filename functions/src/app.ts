import { randomUUID } from 'node:crypto';
import { tokenVerifier } from '#adapters/google-auth/verify-token.ts';
import { guardedHttp } from '#adapters/http/guarded-http.ts';
import { logOrigin, structuredLog } from '#adapters/structured-log.ts';
import { systemClock } from '#adapters/system-clock.ts';
import type { Config, Environment, SecretManagerConfig } from './config.ts';
import { demoIntegrations, demoSecrets } from '#tools/integrations/demo-integrations.ts';
import type { Clock } from '#core/clock.ts';
import type { Execution } from '#engine/record/execution.ts';
import { PlaybookError } from '#core/failure.ts';
import { redactor } from '#core/redact/redact.ts';
import { outputRoom } from '#engine/state/output-room.ts';
import { runExecution } from '#engine/run-execution.ts';
import type { Engine } from '#engine/state/run-state.ts';
import type { RunnerReply, RunnerRequest } from '#http/request.ts';
import { answerDelivery, shuttingDownReply } from '#http/runner.ts';
import { openDocuments } from './open-documents.ts';
import type { Documents } from '#ports/documents/documents.ts';
import type { Log, LogSeverity } from '#ports/log.ts';
import type { Ports } from '#ports/ports.ts';
import { refuseShort } from '#ports/refuse-short.ts';
import { OWN_SECRET_NAMES } from '#ports/secrets.ts';
import type { Secrets } from '#ports/secrets.ts';
import type { Settings } from '#ports/settings.ts';
import { cachedControl } from '#records/settings/control.ts';
import { manualRequest } from '#records/executions/execution-request.ts';
import type { StartWorld } from '#records/executions/execution-request.ts';
import { executionStore, loadExecution } from '#records/executions/executions.ts';
import { readManualStart } from '#records/executions/manual-start.ts';
import type { ManualStart } from '#records/executions/manual-start.ts';
import { loadPlaybook, loadVersion } from '#records/playbooks/playbooks.ts';
import type { PlaybookRecord } from '#records/playbooks/playbooks.ts';
import { documentSettings } from '#records/settings/settings.ts';
import { shutdown } from './shutdown.ts';
import { type Catalog, catalog as productCatalog } from '#steps/catalog.ts';
import { bindSteps } from '#steps/index.ts';

/** The product, put together: which technology stands behind which port. */
export interface App {
  readonly documents: Documents;
  readonly clock: Clock;
  readonly log: Log;
  /** Answers one call of Cloud Scheduler, or of somebody who calls like it. */
  deliver(request: RunnerRequest): Promise<RunnerReply>;
  /**
   * Runs a playbook by hand, also one that is not enabled or paused. A `requestId` that was seen before is answered from its
   * record. Throws `invalid_playbook` when there is none of this id, `input_invalid` when it cannot take what is said (nothing
   * is written then), and what `runExecution` throws.
   */
  runManually(run: ManualRun): Promise<Execution>;
  /**
   * Ends in good order, as before the end of the process: nothing new begins, what is under way is stored, and every lease is
   * given back. Resolves when that is done, at the latest after 9 seconds.
   */
  shutDown(): Promise<void>;
  close(): Promise<void>;
}

/** A playbook, and what is said when it is started by hand. */
export interface ManualRun extends ManualStart {
  readonly playbookId: string;
  readonly by: string;
  /** Called whenever a step begins, tries or ends; must not throw. */
  readonly onProgress?: ((execution: Execution) => void) | undefined;
}

/** What a test puts in the place of this machine's own. */
export interface AppOptions {
  readonly clock?: Clock;
  /** The step types, tools and channels; those of the product unless said otherwise. */
  readonly catalog?: Catalog;
  /** Where log entries go; standard output and error unless said otherwise. */
  readonly write?: (line: string, severity: LogSeverity) => void;
  /** What the execution of every delivery is labelled with, beside the labels of its playbook. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Puts the product together as the configuration says. Rejects with what the database's adapter throws. */
export async function createApp(
  config: Config,
  env: Environment,
  { clock = systemClock, catalog = productCatalog, write, labels = {} }: AppOptions = {},
): Promise<App> {
  const documents = await openDocuments(config.database, config.projectId);
  const secrets = await openSecrets(config, env);
  const redact = redactor(() => secrets.known());
  const log = structuredLog(redact, write, logOrigin(env));
  const ports = openPorts({ config, clock, documents, secrets });
  const shuttingDown = shutdown(clock);
  const engine: Engine = {
    stepTypes: bindSteps(catalog.stepTypes, { ...ports, tools: catalog.tools, channels: catalog.channels }),
    store: executionStore(documents),
    clock,
    redact,
    random: Math.random,
    newOwner: randomUUID,
    leaseMs: config.leaseMs,
    outputs: outputRoom(config.outputRoomBytes),
    shutdown: shuttingDown.signals,
    retentionMs: config.retentionMs,
    loadDefinition: (playbookId, version) => loadVersion(documents, playbookId, version),
    onFault: (cause, executionId) =>
      log('ERROR', 'A step failed because of a bug in this software', { executionId, cause }),
  };
  const world = {
    clock,
    engine,
    log,
    newId: randomUUID,
    callers: {
      secrets: config.cronSecrets,
      verifyToken: config.oidc === undefined ? undefined : tokenVerifier(config.oidc),
    },
    loadPlaybook: async (id: string) => labelled(await loadPlaybook(documents, id), labels),
    loadControl: cachedControl(documents, clock),
    loadExecution: (id: string) => loadExecution(documents, id),
    loadPeople: ports.settings.people,
  };
  // The first call connects to the database, which takes a while: it does so while the server is still starting. Where it
  // fails, the first delivery asks again and says why.
  world.loadControl().catch(() => undefined);
  return {
    documents,
    clock,
    log,
    deliver: (request) => shuttingDown.follow(answerDelivery(request, world), shuttingDownReply()),
    shutDown: shuttingDown.begin,
    runManually: (run) => runManually(run, documents, { engine, loadPeople: ports.settings.people }),
    close: () => documents.close(),
  };
}

function labelled(
  record: PlaybookRecord | undefined,
  labels: Readonly<Record<string, string>>,
): PlaybookRecord | undefined {
  if (record === undefined) return undefined;
  return { ...record, definition: { ...record.definition, labels: { ...record.definition.labels, ...labels } } };
}

async function runManually(
  { playbookId, onProgress, ...said }: ManualRun,
  documents: Documents,
  { engine, loadPeople }: { readonly engine: Engine; readonly loadPeople: StartWorld['loadPeople'] },
): Promise<Execution> {
  const start = readManualStart(said);
  const record = await loadPlaybook(documents, playbookId);
  if (record === undefined) {
    throw new PlaybookError('invalid_playbook', `There is no playbook ${playbookId}. Seed it with npm run seed.`);
  }
  const request = await manualRequest(record, start, { now: engine.clock.now(), newId: randomUUID, loadPeople });
  const ran = await runExecution({ ...request, ...(onProgress === undefined ? {} : { onProgress }) }, engine);
  if (ran.kind === 'another_request') {
    throw new PlaybookError('input_invalid', `The request id of ${ran.execution.id} was used for another start.`);
  }
  return ran.execution;
}

async function openSecrets(config: Config, env: Environment): Promise<Secrets> {
  const secrets = await (config.secretManager === undefined
    ? import('#adapters/environment/secrets.ts').then(({ environmentSecrets }) => environmentSecrets({ env }))
    : openSecretManager(config.secretManager, env));
  const long = refuseShort(secrets);
  return withOwnSecrets(config.demoUrl === undefined ? long : demoSecrets(long, env), env);
}

/** Our own secrets are redacted before anybody has asked for them, too. */
function withOwnSecrets(secrets: Secrets, env: Environment): Secrets {
  const own = OWN_SECRET_NAMES.map((name) => env[name]?.trim() ?? '').filter((value) => value !== '');
  return { get: (name) => secrets.get(name), known: () => [...own, ...secrets.known()] };
}

async function openSecretManager(manager: SecretManagerConfig, env: Environment): Promise<Secrets> {
  const { secretManagerSecrets } = await import('#adapters/secret-manager/secrets.ts');
  return secretManagerSecrets({ ...manager, env, clock: systemClock });
}

interface World {
  readonly config: Config;
  readonly clock: Clock;
  readonly documents: Documents;
  readonly secrets: Secrets;
}

function openPorts({ config, clock, documents, secrets }: World): Ports {
  const settings = settingsOf(documents, clock, config.demoUrl);
  return {
    clock,
    documents,
    secrets,
    settings,
    http: guardedHttp({ allowPrivate: config.httpAllowPrivate }),
    async model() {
      const apiKey = await secrets.get('ANTHROPIC_API_KEY');
      if (apiKey === undefined) return undefined;
      const { anthropicModel } = await import('#adapters/anthropic/language-model.ts');
      return anthropicModel({ apiKey, baseUrl: config.anthropicBaseUrl });
    },
    async mailer() {
      const [apiKey, apiSecret] = await Promise.all([
        secrets.get('MAILJET_API_KEY'),
        secrets.get('MAILJET_API_SECRET'),
      ]);
      if (apiKey === undefined || apiSecret === undefined) return undefined;
      const { mailjetMailer } = await import('#adapters/mailjet/mailer.ts');
      const { sender } = await settings.people();
      return mailjetMailer({ apiKey, apiSecret, baseUrl: config.mailjetBaseUrl, sender });
    },
    async chat() {
      const webhookUrl = await secrets.get('SLACK_WEBHOOK_URL');
      if (webhookUrl === undefined) return undefined;
      const { slackPoster } = await import('#adapters/slack/chat-poster.ts');
      return slackPoster({ webhookUrl });
    },
  };
}

function settingsOf(documents: Documents, clock: Clock, demoUrl: string | undefined): Settings {
  const settings = documentSettings(documents, clock);
  if (demoUrl === undefined) return settings;
  return { ...settings, integrations: async () => demoIntegrations(await settings.integrations(), demoUrl) };
}
