import { serve } from '@hono/node-server';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { firebaseIdentity } from '#adapters/firebase-auth/identity.ts';
import { logOrigin, structuredLog } from '#adapters/structured-log.ts';
import { systemClock } from '#adapters/system-clock.ts';
import { takeEnvironment } from '#functions/asked-environment.ts';
import { PlaybookError } from '#core/failure.ts';
import { redactor } from '#core/redact/redact.ts';
import { openDocuments } from '#functions/open-documents.ts';
import { DocumentsError } from '#ports/documents/documents.ts';
import { cached } from '#records/store/cached.ts';
import { cachedControl } from '#records/settings/control.ts';
import { documentSettings } from '#records/settings/settings.ts';
import { appendAudit } from '#records/audit/audit-log.ts';
import { countAwaiting } from '#records/threads/thread-queries.ts';
import type { AccessWorld } from './access/access-world.ts';
import { guard } from './access/guard.ts';
import { securityHeaders } from './access/security-headers.ts';
import { readConsoleConfig, type ConsoleConfig } from './config.ts';
import { createConsole } from './console.tsx';
import { openHub } from './live/hub.ts';
import { runnerClient } from './runner-client.ts';
import { catalog } from '#functions/catalog.ts';
import type { ConsoleWorld } from './world/world.ts';

/** Put in by the build: what App Hosting told it about the project's web app. */
declare const BUILT_WEBAPP_CONFIG: string;

/** A user who has just held all playbooks wants to see it. */
const CONTROL_CACHE_MS = 500;
const COUNT_CACHE_MS = 5_000;
const END_TIMEOUT_MS = 3_000;

const log = structuredLog(
  redactor(() => [process.env['CRON_SECRET'] ?? ''].filter((secret) => secret !== '')),
  undefined,
  logOrigin(process.env),
);

/** The console as App Hosting starts it: everything comes from the environment. */
async function main(): Promise<void> {
  const config = readConsoleConfig({ FIREBASE_WEBAPP_CONFIG: BUILT_WEBAPP_CONFIG, ...takeEnvironment() });
  const world = await openWorld(config);
  const hub = openHub(world.documents, systemClock);
  const app = createConsole({
    world,
    hub,
    headers: securityHeaders(config.access),
    enter: (guarded) => guard(guarded, accessWorld(config, world)),
    assetsDirectory: join(import.meta.dirname, 'assets'),
  });
  const server = serve({ fetch: app.fetch, hostname: config.host, port: config.port }, ({ port }) => {
    log('INFO', 'The console is up', { port, host: config.host, entrance: config.access.entrance.kind });
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      hub.close();
      setTimeout(() => process.exit(0), END_TIMEOUT_MS).unref();
      server.close(() => void world.documents.close().finally(() => process.exit(0)));
      if ('closeAllConnections' in server) server.closeAllConnections();
    });
  }
}

async function openWorld(config: ConsoleConfig): Promise<ConsoleWorld> {
  const documents = await openDocuments(config.shared.database, config.shared.projectId);
  const clock = systemClock;
  return {
    documents,
    clock,
    log,
    settings: documentSettings(documents, clock),
    newId: randomUUID,
    catalog,
    loadControl: cachedControl(documents, clock, CONTROL_CACHE_MS),
    countAwaiting: cached(clock, COUNT_CACHE_MS, () => countAwaiting(documents, clock.now())),
    requestExecution: runnerClient(config.runner, { documents, clock }),
  };
}

/** The entrance asks Firebase who people are, unless it knows the one person there is. */
function accessWorld({ access }: ConsoleConfig, world: ConsoleWorld): AccessWorld {
  const { entrance } = access;
  const identity = entrance.kind === 'firebase' ? firebaseIdentity(entrance) : undefined;
  return { ...world, config: access, identity, audit: (actor, action) => appendAudit(world, actor, action) };
}

try {
  await main();
} catch (thrown) {
  if (!(thrown instanceof PlaybookError) && !(thrown instanceof DocumentsError)) throw thrown;
  log('ERROR', thrown.message, {});
  // The process that started us may keep us alive by a pipe.
  process.exit(1);
}
