import { beforeEach, describe, expect, test } from 'vitest';
import { FROM_HERE, guardedApp, type GuardedApp } from '#console/testing/guarded-app.ts';

let app: GuardedApp;
beforeEach(() => {
  app = guardedApp();
});

async function run(
  cookie: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
) {
  const body = new URLSearchParams({ what: 'it', ...fields }).toString();
  return app.request('/run', { method: 'POST', headers: { ...FROM_HERE, cookie, ...headers }, body });
}

describe('a session', () => {
  test('tells every page who looks, and in which zone', async () => {
    const cookie = await app.signIn('ada@example.com');
    const response = await app.request('/', { headers: { cookie: `${cookie}; zone=Europe%2FBerlin` } });
    expect(await response.json()).toMatchObject({
      email: 'ada@example.com',
      role: 'admin',
      local: false,
      zone: 'Europe/Berlin',
    });
  });

  test('with a zone that does not exist reads in UTC', async () => {
    const cookie = await app.signIn('ada@example.com');
    const response = await app.request('/', { headers: { cookie: `${cookie}; zone=Nowhere%2FAtAll` } });
    expect(await response.json()).toMatchObject({ zone: 'UTC' });
  });

  test.each(['__session=', '__session=tampered', '__session=session-1x', 'session=session-1'])(
    'is not what %s says',
    async (cookie) => {
      await app.signIn('ada@example.com');
      expect((await app.request('/', { headers: { cookie } })).status).toBe(303);
    },
  );

  test('is asked for once a minute', async () => {
    const cookie = await app.signIn('ada@example.com');
    for (let page = 0; page < 5; page += 1) await app.request('/', { headers: { cookie } });
    expect(app.people.asked()).toBe(1);
    app.clock.advance(60_000);
    await app.request('/', { headers: { cookie } });
    expect(app.people.asked()).toBe(2);
  });

  test('that was ended elsewhere is out after a minute', async () => {
    const cookie = await app.signIn('ada@example.com');
    await app.csrfToken(cookie);
    await app.people.revoke('uid-ada@example.com');
    app.clock.advance(60_000);
    expect((await app.request('/', { headers: { cookie } })).status).toBe(303);
  });

  test('has the role of now after a minute', async () => {
    const cookie = await app.signIn('ada@example.com');
    await app.csrfToken(cookie);
    app.people.setRole('ada@example.com', 'viewer');
    app.clock.advance(60_000);
    expect(await (await app.request('/', { headers: { cookie } })).json()).toMatchObject({ role: 'viewer' });
  });

  test('that is not known does not cost more than one question, however often it is asked for at once', async () => {
    const cookie = await app.signIn('ada@example.com');
    await Promise.all(Array.from({ length: 20 }, () => app.request('/', { headers: { cookie } })));
    expect(app.people.asked()).toBe(1);
  });

  test('whose owner cannot be asked for lets nobody in', async () => {
    const cookie = await app.signIn('ada@example.com');
    app.people.setOutage(true);
    const response = await app.request('/', { headers: { cookie } });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('30');
    app.people.setOutage(false);
    expect((await app.request('/', { headers: { cookie } })).status).toBe(200);
  });
});

describe('a form', () => {
  test('of the session is taken, by its field or by a header', async () => {
    const cookie = await app.signIn('oda@example.com');
    const csrf = await app.csrfToken(cookie);
    expect(await (await run(cookie, { csrf })).text()).toBe('ran it');
    expect(await (await run(cookie, {}, { csrf })).text()).toBe('ran it');
  });

  test('is taken from a browser that says only that the page is ours', async () => {
    const cookie = await app.signIn('oda@example.com');
    const csrf = await app.csrfToken(cookie);
    const { origin: _, ...headers } = FROM_HERE;
    const body = new URLSearchParams({ csrf }).toString();
    const init = { method: 'POST', headers: { ...headers, cookie, 'sec-fetch-site': 'same-origin' }, body };
    expect((await app.request('/run', init)).status).toBe(200);
  });

  test.each([
    ['without a token', {}, {}],
    ['with the token of nobody', { csrf: 'a'.repeat(64) }, {}],
    ['from another site', undefined, { origin: 'https://evil.example' }],
    ['from another port', undefined, { origin: 'http://127.0.0.1:3000' }],
    ['from a frame without an origin', undefined, { origin: 'null' }],
    ['from a sibling site', undefined, { 'sec-fetch-site': 'same-site' }],
    [
      'from another site, under a name that it made up',
      undefined,
      { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' },
    ],
  ])('%s is refused, and says that a reload helps', async (_, fields, headers) => {
    const cookie = await app.signIn('oda@example.com');
    const csrf = await app.csrfToken(cookie);
    const response = await run(cookie, fields ?? { csrf }, headers);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('reload the page and try again');
  });

  test('of another session is refused', async () => {
    const [one, other] = [await app.signIn('oda@example.com'), await app.signIn('oda@example.com')];
    expect((await run(one, { csrf: await app.csrfToken(other) })).status).toBe(403);
  });

  test('without any word of where it comes from is refused', async () => {
    const cookie = await app.signIn('oda@example.com');
    const csrf = await app.csrfToken(cookie);
    const { origin: _, ...headers } = FROM_HERE;
    const body = new URLSearchParams({ csrf }).toString();
    expect((await app.request('/run', { method: 'POST', headers: { ...headers, cookie }, body })).status).toBe(403);
  });

  test.each(['PUT', 'PATCH', 'DELETE'])('may not be got around with %s', async (method) => {
    const cookie = await app.signIn('oda@example.com');
    expect((await app.request('/run', { method, headers: { ...FROM_HERE, cookie } })).status).toBe(403);
  });

  test('of more than a megabyte is refused before anybody reads it', async () => {
    const cookie = await app.signIn('oda@example.com');
    const csrf = await app.csrfToken(cookie);
    const response = await run(cookie, { csrf, what: 'x'.repeat(1_000_001) });
    expect(response.status).toBe(413);
  });

  test('by somebody whose role may not do this is refused, with the roles that may', async () => {
    const cookie = await app.signIn('vera@example.com');
    const response = await run(cookie, { csrf: await app.csrfToken(cookie) });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('operator or admin');
  });

  test('is taken sixty times a minute', async () => {
    const cookie = await app.signIn('oda@example.com');
    const csrf = await app.csrfToken(cookie);
    const statuses: number[] = [];
    for (let sent = 0; sent < 61; sent += 1) statuses.push((await run(cookie, { csrf })).status);
    expect(statuses.slice(0, 60).every((status) => status === 200)).toBe(true);
    expect(statuses.at(-1)).toBe(429);
    expect((await app.request('/', { headers: { cookie } })).status).toBe(200);
  });
});

describe('behind the proxies of Google', () => {
  beforeEach(() => {
    app = guardedApp({ FIREBASE_WEB_API_KEY: 'key', K_SERVICE: 'console', CONSOLE_ORIGIN: 'https://ops.example.com' });
  });

  test('a form is taken from the address that the configuration names, and from no other', async () => {
    const body = new URLSearchParams({ email: 'ada@example.com', password: 'password of ada@example.com' }).toString();
    const from = async (origin: string): Promise<number> =>
      (await app.request('/sign-in', { method: 'POST', headers: { ...FROM_HERE, origin }, body })).status;
    expect(await from('https://ops.example.com')).toBe(303);
    expect(await from('http://ops.example.com')).toBe(403);
    expect(await from('https://ops.example.com.evil.example')).toBe(403);
    expect(await from('http://127.0.0.1:4400')).toBe(403);
  });

  test('the cookie goes over TLS alone', async () => {
    const body = new URLSearchParams({ email: 'ada@example.com', password: 'password of ada@example.com' }).toString();
    const headers = { ...FROM_HERE, origin: 'https://ops.example.com' };
    const response = await app.request('/sign-in', { method: 'POST', headers, body });
    expect(response.headers.get('set-cookie')).toContain('; Secure');
    expect(response.headers.get('strict-transport-security')).toBe('max-age=31536000');
  });
});
