import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { readAccessConfig } from './access/access-config.ts';
import { guard } from './access/guard.ts';
import { securityHeaders } from './access/security-headers.ts';
import { createConsole } from './console.tsx';
import { openHub, type Hub } from './live/hub.ts';
import { FROM_HERE } from './testing/guarded-app.ts';
import { knownPeople } from './testing/known-people.ts';
import { testWorld } from './testing/test-world.ts';

let documents: Documents;
let hub: Hub;
let app: ReturnType<typeof createConsole>;

beforeEach(() => {
  documents = sqliteDocuments({ file: ':memory:' });
  const clock = fakeClock();
  hub = openHub(documents, clock);
  const world = testWorld({ documents, clock, requested: [] });
  const server = { host: '127.0.0.1', database: { kind: 'sqlite' as const, file: ':memory:' } };
  const config = readAccessConfig({ FIREBASE_WEB_API_KEY: 'key' }, server);
  const people = knownPeople({ 'vera@example.com': 'viewer', 'ada@example.com': 'admin' });
  const never = async (): Promise<never> => Promise.reject(new TypeError('The console does not ask for this.'));
  const rest = { findAccount: never, listPeople: never, grant: never, createAccount: never, close: never };
  const signIn: typeof people.signIn = (email, password) =>
    email === 'bug@example.com' ? never() : people.signIn(email, password);
  app = createConsole({
    world,
    hub,
    assetsDirectory: emptyAssets(),
    headers: securityHeaders(config),
    enter: (guarded) =>
      guard(guarded, { ...world, config, identity: { ...people, ...rest, signIn }, audit: async () => undefined }),
  });
});

afterEach(async () => {
  hub.close();
  await documents.close();
});

function emptyAssets(): string {
  const directory = mkdtempSync(join(tmpdir(), 'console-assets-'));
  for (const name of ['style.css', 'client.js', 'icon.svg']) writeFileSync(join(directory, name), '');
  return directory;
}

const post = async (path: string, fields: Readonly<Record<string, string>>, cookie = ''): Promise<Response> =>
  app.request(path, {
    method: 'POST',
    headers: { ...FROM_HERE, cookie },
    body: new URLSearchParams(fields).toString(),
  });

/** A session, with the token of its forms. */
async function enter(email: string): Promise<{ readonly cookie: string; readonly csrf: string }> {
  const answer = await post('/sign-in', { email, password: `password of ${email}` });
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const page = await (await app.request('/inbox', { headers: { cookie } })).text();
  return { cookie, csrf: /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '' };
}

/** The addresses of a method, each with something in the place of its ids. */
function addressesOf(method: string): readonly string[] {
  const paths = app.routes.filter((route) => route.method === method).map(({ path }) => path);
  return [...new Set(paths)].map((path) => path.replaceAll(/:\w+(\{[^}]*\})?/g, 'none'));
}

/** What stands before the entrance, and the entrance. */
const FOR_EVERYBODY = /^\/(healthz|assets\/.*|sign-in)$/;

describe('the console', () => {
  test('answers nothing but GET and POST', () => {
    expect([...new Set(app.routes.map(({ method }) => method))].toSorted()).toEqual(['ALL', 'GET', 'POST']);
  });

  test('lets a viewer send no form but the one to leave by, whichever forms there are', async () => {
    const { cookie, csrf } = await enter('vera@example.com');
    const forms = addressesOf('POST').filter((path) => path !== '/sign-in' && path !== '/sign-out');
    expect(forms.length).toBeGreaterThanOrEqual(14);
    for (const path of forms) {
      const answer = await post(path, { csrf }, cookie);
      expect([path, answer.status, await answer.text()]).toEqual([
        path,
        403,
        expect.stringContaining('This requires the role'),
      ]);
    }
  });

  test('takes no form from an admin that does not carry the token of their session', async () => {
    const { cookie } = await enter('ada@example.com');
    for (const path of addressesOf('POST').filter((path) => path !== '/sign-in')) {
      const answer = await post(path, { csrf: 'f'.repeat(64) }, cookie);
      expect([path, answer.status, await answer.text()]).toEqual([path, 403, expect.stringContaining('out of date')]);
    }
  });

  test('shows nothing to a stranger, whichever pages there are', async () => {
    const pages = addressesOf('GET').filter((path) => !FOR_EVERYBODY.test(path));
    expect(pages.length).toBeGreaterThanOrEqual(20);
    for (const path of pages) {
      const { status, headers } = await app.request(path, { headers: { host: FROM_HERE.host } });
      const isSentAway = status === 401 || (headers.get('location') ?? '').startsWith('/sign-in');
      expect([path, isSentAway]).toEqual([path, true]);
    }
  });

  test('leads from an address that ends in a slash to the one without, and to no other host', async () => {
    const { cookie } = await enter('vera@example.com');
    const ask = async (path: string) => {
      const answer = await app.request(path, { headers: { cookie } });
      return [answer.status, answer.headers.get('location')];
    };
    expect(await ask('/executions/?status=failed')).toEqual([301, '/executions?status=failed']);
    expect(await ask('/playbooks//')).toEqual([301, '/playbooks']);
    for (const path of ['/nowhere', 'http://localhost//evil.example/', 'http://localhost/\\evil.example/']) {
      expect(await ask(path)).toEqual([404, null]);
    }
    expect((await post('/executions/', {}, cookie)).status).not.toBe(301);
  });

  test('says of a bug at the entrance that there is one, and nothing of where', async () => {
    const answer = await post('/sign-in', { email: 'bug@example.com', password: 'x' });
    const page = await answer.text();
    expect(answer.status).toBe(500);
    expect(page).toContain('Something went wrong');
    expect(page).not.toMatch(/TypeError|does not ask|\.ts/);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test('says of a form that arrived damaged that it did', async () => {
    const { cookie, csrf } = await enter('ada@example.com');
    const headers = { ...FROM_HERE, cookie, csrf, 'content-type': 'multipart/form-data; boundary=x' };
    for (const path of ['/inbox/none/modify', '/control']) {
      const answer = await app.request(path, { method: 'POST', headers, body: '--x\r\nno part' });
      expect([path, answer.status]).toEqual([path, 400]);
      expect(await answer.text()).toContain('The form arrived damaged. Send it again.');
    }
    const answer = await app.request('/inbox/none/comment', { method: 'POST', headers, body: '--x\r\nno part' });
    expect(answer.status).toBe(404);
  });

  test.each(['text/plain', 'application/json', 'multipart/form-data', 'application/x-www-form-urlencoded2'])(
    'takes no form that says it is %s',
    async (type) => {
      const { cookie, csrf } = await enter('ada@example.com');
      const headers = { ...FROM_HERE, cookie, 'content-type': type };
      const body = type.endsWith('json') ? JSON.stringify({ csrf }) : `csrf=${csrf}`;
      expect((await app.request('/control', { method: 'POST', headers, body })).status).toBe(403);
    },
  );
});
