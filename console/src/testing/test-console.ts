import type { Hono } from 'hono';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Documents } from '#ports/documents/documents.ts';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { structuredLog } from '#adapters/structured-log.ts';
import { redactor } from '#core/redact/redact.ts';
import { fakeClock, type FakeClock } from '#testing/builders/fake-clock.ts';
import type { ConsoleEnv, Person } from '#console/world/console-env.ts';
import { securityHeaders } from '#console/access/security-headers.ts';
import { createConsole } from '#console/console.tsx';
import { openHub } from '#console/live/hub.ts';
import type { Catalog } from '#functions/catalog.ts';
import type { ConsoleWorld, RunRequest } from '#console/world/world.ts';
import { testWorld } from './test-world.ts';

/** The token of every form in tests. */
export const TEST_CSRF = 'test-csrf';

/** A console in the hands of a test: its pages, its database, its clock. */
export interface TestConsole {
  readonly documents: Documents;
  readonly clock: FakeClock;
  /** What the runner was asked for, in order. */
  readonly requested: readonly RunRequest[];
  /** What the console has logged, an entry a line. */
  readonly logged: readonly string[];
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  head(path: string): Promise<Response>;
  /** Sends a form, a field with several values as often; the answer is not followed. */
  post(path: string, fields: Readonly<Record<string, string | readonly string[]>>): Promise<Response>;
  /** The person who uses the console from now on. */
  become(person: Person): void;
  close(): Promise<void>;
}

/** An admin at this machine, unless a test says otherwise. */
export const TEST_PERSON: Person = { uid: 'ada', email: 'ada@example.com', role: 'admin', local: false };

/** The whole console on a database of its own, without a server; the person is who the test says. */
export async function openTestConsole(
  options: { readonly documents?: Documents; readonly clock?: FakeClock; readonly catalog?: Catalog } = {},
): Promise<TestConsole> {
  const documents = options.documents ?? sqliteDocuments({ file: ':memory:' });
  const clock = options.clock ?? fakeClock();
  const requested: RunRequest[] = [];
  const logged: string[] = [];
  const log = structuredLog(
    redactor(() => []),
    (line) => logged.push(line),
  );
  const world: ConsoleWorld = { ...testWorld({ documents, clock, requested, catalog: options.catalog }), log };
  const hub = openHub(documents, clock);
  let person = TEST_PERSON;
  const app: Hono<ConsoleEnv> = createConsole({
    world,
    hub,
    assetsDirectory: emptyAssets(),
    headers: securityHeaders({ secure: false }),
    enter: (guarded) =>
      guarded.use(async (c, next) => {
        c.set('person', person);
        c.set('csrfToken', TEST_CSRF);
        c.set('timeZone', 'America/New_York');
        await next();
      }),
  });
  return {
    documents,
    clock,
    requested,
    logged,
    get: async (path, headers = {}) => app.request(path, { headers }),
    head: async (path) => app.request(path, { method: 'HEAD' }),
    async post(path, fields) {
      const body = new URLSearchParams({ csrf: TEST_CSRF });
      for (const [name, values] of Object.entries(fields)) {
        for (const value of typeof values === 'string' ? [values] : values) body.append(name, value);
      }
      return app.request(path, { method: 'POST', body });
    },
    become(other) {
      person = other;
    },
    async close() {
      hub.close();
      await documents.close();
    },
  };
}

function emptyAssets(): string {
  const directory = mkdtempSync(join(tmpdir(), 'console-assets-'));
  for (const name of ['style.css', 'client.js', 'icon.svg']) writeFileSync(join(directory, name), '');
  return directory;
}
