import { beforeEach, describe, expect, test } from 'vitest';
import { FROM_HERE, guardedApp, type GuardedApp } from '#console/testing/guarded-app.ts';

let app: GuardedApp;
beforeEach(() => {
  app = guardedApp({ CONSOLE_LOCAL_OPERATOR: '1' });
});

const HOST = FROM_HERE.host;

async function cookieOf(response: Response): Promise<string> {
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}

describe('a console for the local operator', () => {
  test('lets the person at this machine in as an admin, and says so', async () => {
    const response = await app.request('/', { headers: { host: HOST } });
    expect(await response.json()).toMatchObject({ email: 'you@localhost', role: 'admin', local: true });
  });

  test.each(['localhost:4400', '127.0.0.1:4400', '[::1]:4400', 'LOCALHOST:4400', 'localhost', 'localhost:5000'])(
    'answers at %s',
    async (host) => {
      expect((await app.request('/', { headers: { host } })).status).toBe(200);
    },
  );

  test.each(['evil.example', 'evil.example:4400', 'localhost.evil.example:4400', '127.0.0.1.nip.io:4400', ''])(
    'does not answer at "%s", by which another site could reach it',
    async (host) => {
      const response = await app.request('/', { headers: { host } });
      expect(response.status).toBe(421);
      expect(response.headers.get('set-cookie')).toBeNull();
    },
  );

  test('gives a session of its own port, once', async () => {
    const response = await app.request('/', { headers: { host: HOST } });
    expect(response.headers.get('set-cookie')).toMatch(
      /^__session_4400=local\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    const cookie = await cookieOf(response);
    expect((await app.request('/', { headers: { host: HOST, cookie } })).headers.get('set-cookie')).toBeNull();
  });

  test('takes a form of its own session', async () => {
    const cookie = await cookieOf(await app.request('/', { headers: { host: HOST } }));
    const body = new URLSearchParams({ csrf: await app.csrfToken(cookie), what: 'it' }).toString();
    const response = await app.request('/run', { method: 'POST', headers: { ...FROM_HERE, cookie }, body });
    expect(await response.text()).toBe('ran it');
  });

  test('takes no form of another port of this machine, though browsers send it the same cookies', async () => {
    const cookie = await cookieOf(await app.request('/', { headers: { host: HOST } }));
    const body = new URLSearchParams({ csrf: await app.csrfToken(cookie) }).toString();
    const headers = { ...FROM_HERE, cookie, origin: 'http://127.0.0.1:3000' };
    expect((await app.request('/run', { method: 'POST', headers, body })).status).toBe(403);
  });

  test('takes no form without its token', async () => {
    expect((await app.request('/run', { method: 'POST', headers: FROM_HERE, body: 'what=it' })).status).toBe(403);
  });

  test('has nothing to sign in to', async () => {
    const response = await app.request('/sign-in', { headers: { host: HOST } });
    expect(response.headers.get('location')).toBe('/');
  });

  test('has another session in each process', async () => {
    const other = guardedApp({ CONSOLE_LOCAL_OPERATOR: '1' });
    const one = await cookieOf(await app.request('/', { headers: { host: HOST } }));
    expect(await cookieOf(await other.request('/', { headers: { host: HOST } }))).not.toBe(one);
  });
});
