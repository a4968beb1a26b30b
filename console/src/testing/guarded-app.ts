import { Hono } from 'hono';
import { fakeClock, type FakeClock } from '#testing/builders/fake-clock.ts';
import type { Actor } from '#records/audit/actor.ts';
import type { AuditedAction } from '#records/audit/audit-entry.ts';
import { readAccessConfig } from '#console/access/access-config.ts';
import { allow } from '#console/access/allow.ts';
import type { ConsoleEnv } from '#console/world/console-env.ts';
import { formField } from '#console/access/form-field.ts';
import { guard } from '#console/access/guard.ts';
import { securityHeaders } from '#console/access/security-headers.ts';
import { knownPeople, type KnownPeople } from './known-people.ts';

/** An entrance with nothing behind it but what shows that somebody came through. */
export interface GuardedApp {
  readonly people: KnownPeople;
  readonly clock: FakeClock;
  readonly audited: (AuditedAction & { readonly by: string })[];
  readonly logged: string[];
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Signs in and resolves to the cookie that the browser would send back. */
  signIn(email: string): Promise<string>;
  /** The token that the forms of a session carry. */
  csrfToken(cookie: string): Promise<string>;
}

/** Headers of a form that this console sent itself. */
export const FROM_HERE = {
  origin: 'http://127.0.0.1:4400',
  host: '127.0.0.1:4400',
  'content-type': 'application/x-www-form-urlencoded',
};

/** An app behind the guard. `env` says how people get in; with accounts unless it says otherwise. */
export function guardedApp(env: Readonly<Record<string, string>> = { FIREBASE_WEB_API_KEY: 'key' }): GuardedApp {
  const [clock, audited, logged] = [fakeClock(), new Array<AuditedAction & { by: string }>(), new Array<string>()];
  const people = knownPeople({
    'vera@example.com': 'viewer',
    'oda@example.com': 'operator',
    'ada@example.com': 'admin',
  });
  const server = { host: '127.0.0.1', database: { kind: 'sqlite' as const, file: ':memory:' } };
  const config = readAccessConfig(env, server);
  const notAsked = async (): Promise<never> => Promise.reject(new Error('The console does not ask for this.'));
  const rest = {
    findAccount: notAsked,
    listPeople: notAsked,
    grant: notAsked,
    createAccount: notAsked,
    close: notAsked,
  };
  const app = new Hono<ConsoleEnv>().use(securityHeaders(config));
  guard(app, {
    config,
    clock,
    identity: { ...people, ...rest },
    log: (_severity, message) => void logged.push(message),
    audit: async ({ email }: Actor, action) => void audited.push({ ...action, by: email }),
  });
  app.get('/', (c) => c.json({ ...c.var.person, csrf: c.var.csrfToken, zone: c.var.timeZone }));
  app.get('/executions', (c) => c.text('executions'));
  app.get('/live', (c) => c.text('live'));
  app.post('/run', allow('run_playbook'), async (c) => c.text(`ran ${await formField(c, 'what')}`));
  const request = async (path: string, init?: RequestInit): Promise<Response> => app.request(path, init);
  return {
    people,
    clock,
    audited,
    logged,
    request,
    async signIn(email) {
      const body = new URLSearchParams({ email, password: `password of ${email}` });
      const response = await request('/sign-in', { method: 'POST', headers: FROM_HERE, body: body.toString() });
      return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    },
    async csrfToken(cookie) {
      const body: unknown = await (await request('/', { headers: { cookie, host: FROM_HERE.host } })).json();
      return typeof body === 'object' && body !== null && 'csrf' in body ? String(body.csrf) : '';
    },
  };
}
