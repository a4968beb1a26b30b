import { randomUUID } from 'node:crypto';
import { tokenVerifier } from '#adapters/google-auth/verify-token.ts';
import { logOrigin, structuredLog } from '#adapters/structured-log.ts';
import { systemClock } from '#adapters/system-clock.ts';
import type { Config, Environment } from './config.ts';
import type { Clock } from '#core/clock.ts';
import type { Execution } from '#engine/record/execution.ts';
import { redactor, type Redact } from '#core/redact/redact.ts';
import { outputRoom } from '#engine/state/output-room.ts';
import type { Engine } from '#engine/state/run-state.ts';
import type { RunnerReply, RunnerRequest } from '#http/request.ts';
import { answerDelivery, shuttingDownReply, type RunnerWorld } from '#http/runner.ts';
import { openDocuments } from './open-documents.ts';
import { openPorts } from './open-ports.ts';
import { openSecrets } from './open-secrets.ts';
import type { Documents } from '#ports/documents/documents.ts';
import type { Log, LogSeverity } from '#ports/log.ts';
import type { Ports } from '#ports/ports.ts';
import { cachedControl } from '#records/settings/control.ts';
import { withSmallStatistics } from '#records/executions/small-statistics.ts';
import { executionStore, loadExecution } from '#records/executions/executions.ts';
import { loadPlaybook, loadVersion, type PlaybookRecord } from '#records/playbooks/playbooks.ts';
import { runManually, type ManualRun } from './run-manually.ts';
import { shutdown, type ShutdownControl } from './shutdown.ts';
import { type Catalog, catalog as productCatalog } from './catalog.ts';
import { bindSteps } from '#steps/index.ts';

/** The assembled product: which technology is behind which port. */
export interface App {
  readonly documents: Documents;
  readonly clock: Clock;
  readonly log: Log;
  /** Answers one call of Cloud Scheduler, or of another caller with the same protocol. */
  deliver(request: RunnerRequest): Promise<RunnerReply>;
  /**
   * Runs a playbook manually, even if it is disabled or paused. A known `requestId` is answered from its record. Throws
   * `invalid_playbook` if the id is unknown, `input_invalid` if the inputs do not fit (nothing is written then), and
   * what `runExecution` throws.
   */
  runManually(run: ManualRun): Promise<Execution>;
  /**
   * Shuts down gracefully before the process ends: nothing new begins, running work is stored, and every lease is
   * released. Resolves when that is done, after at most 9 seconds.
   */
  shutDown(): Promise<void>;
  close(): Promise<void>;
}

/** What tests may replace. */
export interface AppOptions {
  readonly clock?: Clock;
  /** The step types, tools and channels; the product's by default. */
  readonly catalog?: Catalog;
  /** Where log entries go; standard output and error by default. */
  readonly write?: (line: string, severity: LogSeverity) => void;
  /** Labels of every delivered execution, in addition to those of its playbook. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Assembles the product according to the configuration. Rejects with what the database's adapter throws. */
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
  const stepTypes = bindSteps(catalog.stepTypes, { ...ports, tools: catalog.tools, channels: catalog.channels });
  const engine = engineOf({ config, ports, stepTypes, redact, log, shuttingDown });
  const world = runnerWorldOf({ config, ports, engine, log, labels });
  // The first call connects to the database, which takes a while, so it is made while the server is still starting. If
  // it fails, the first delivery tries again and reports why.
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

interface EngineParts {
  readonly config: Config;
  readonly ports: Ports;
  readonly stepTypes: Engine['stepTypes'];
  readonly redact: Redact;
  readonly log: Log;
  readonly shuttingDown: ShutdownControl;
}

function engineOf({ config, ports, stepTypes, redact, log, shuttingDown }: EngineParts): Engine {
  const { clock, documents } = ports;
  return {
    stepTypes,
    store: withSmallStatistics(executionStore(documents), documents),
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
}

interface RunnerParts {
  readonly config: Config;
  readonly ports: Ports;
  readonly engine: Engine;
  readonly log: Log;
  readonly labels: Readonly<Record<string, string>>;
}

function runnerWorldOf({ config, ports, engine, log, labels }: RunnerParts): RunnerWorld {
  const { clock, documents, settings } = ports;
  return {
    clock,
    engine,
    log,
    newId: randomUUID,
    callers: {
      secrets: config.cronSecrets,
      verifyToken: config.oidc === undefined ? undefined : tokenVerifier(config.oidc),
    },
    loadPlaybook: async (id) => labelled(await loadPlaybook(documents, id), labels),
    loadControl: cachedControl(documents, clock),
    loadExecution: (id) => loadExecution(documents, id),
    loadPeople: settings.people,
  };
}

function labelled(
  record: PlaybookRecord | undefined,
  labels: Readonly<Record<string, string>>,
): PlaybookRecord | undefined {
  if (record === undefined) return undefined;
  return { ...record, definition: { ...record.definition, labels: { ...record.definition.labels, ...labels } } };
}
