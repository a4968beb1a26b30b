import { beforeEach, describe, expect, test } from 'vitest';
import { FROM_HERE, guardedApp, type GuardedApp } from '#console/testing/guarded-app.ts';

let app: GuardedApp;
beforeEach(() => {
  app = guardedApp();
});

function attempt(fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) {
  const body = new URLSearchParams(fields).toString();
  return app.request('/sign-in', { method: 'POST', headers: { ...FROM_HERE, ...headers }, body });
}

const ada = { email: 'ada@example.com', password: 'password of ada@example.com' };

describe('somebody who is not signed in', () => {
  test('is sent to sign in and comes back to the page that was asked for', async () => {
    const response = await app.request('/executions?status=failed');
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/sign-in?next=%2Fexecutions%3Fstatus%3Dfailed');
  });

  test.each([
    ['events', '/live', {}],
    ['the changing part of a page', '/executions', { 'x-fragment': 'main' }],
    ['anything else for a script', '/executions', { 'sec-fetch-dest': 'empty' }],
  ])('is told so, and not sent anywhere, where a script asks for %s', async (_, path, headers) => {
    expect((await app.request(path, { headers })).status).toBe(401);
  });

  test('sees the same for a page that exists and for one that does not', async () => {
    expect((await app.request('/nothing/here')).status).toBe(303);
  });

  test('finds a form with names by which password managers know it', async () => {
    const text = await (await app.request('/sign-in?next=/executions')).text();
    expect(text).toContain('autocomplete="username"');
    expect(text).toContain('autocomplete="current-password"');
    expect(text).toContain('name="next" value="/executions"');
  });
});

describe('a sign-in', () => {
  test('leads to where the person wanted to go, with a cookie that scripts do not see', async () => {
    const response = await attempt({ ...ada, next: '/executions?status=failed' });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/executions?status=failed');
    expect(response.headers.get('set-cookie')).toBe(
      '__session=session-1; Max-Age=43200; Path=/; HttpOnly; SameSite=Lax',
    );
  });

  test('begins a new session, whatever cookie the browser brought', async () => {
    const response = await attempt(ada, { cookie: '__session=planted' });
    expect(response.headers.get('set-cookie')).toContain('__session=session-1;');
  });

  test('never leads to another site', async () => {
    const response = await attempt({ ...ada, next: '//evil.example' });
    expect(response.headers.get('location')).toBe('/');
  });

  test('is recorded', async () => {
    await attempt(ada);
    expect(app.audited).toMatchObject([
      { by: 'ada@example.com', action: 'signed_in', target: { kind: 'person', id: 'uid-ada@example.com' } },
    ]);
  });

  test.each([
    ['the password is wrong', 'ada@example.com', 'wrong'],
    ['nobody has the address', 'nobody@example.com', 'password of nobody@example.com'],
  ])('is refused in the same words when %s', async (_, email, password) => {
    const response = await attempt({ email, password });
    expect(response.status).toBe(401);
    expect(response.headers.get('set-cookie')).toBeNull();
    const text = await response.text();
    expect(text).toContain('This email address and password do not grant access.');
    expect(text).toContain(`value="${email}"`);
    expect(text).not.toContain(password);
    expect(app.audited).toMatchObject([{ by: email, action: 'sign_in_refused' }]);
  });

  test('says what is missing where a second factor is asked for', async () => {
    const response = await attempt({ email: 'second@example.com', password: 'right' });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('second factor');
  });

  test.each([
    { email: '', password: 'x' },
    { email: 'ada@example.com', password: '' },
    { email: 'not an address', password: 'x' },
    {},
  ])('with %j is answered in place, and nobody is asked', async (fields) => {
    expect((await attempt(fields)).status).toBe(400);
    expect(app.audited).toEqual([]);
  });

  test('shows hostile input inert', async () => {
    const text = await (await attempt({ email: '"><script>alert(1)</script>@x', password: 'x' })).text();
    expect(text).not.toContain('<script>alert');
  });

  test.each([
    ['another site', { origin: 'https://evil.example' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:3000' }],
    ['another site, says the browser', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling of this site, says the browser', { 'sec-fetch-site': 'same-site' }],
    ['a page without an origin', { origin: 'null' }],
  ])('from %s is refused', async (_, headers) => {
    const response = await attempt(ada, headers);
    expect(response.status).toBe(403);
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  test('is refused for a while after ten attempts, with the time to wait', async () => {
    for (let tried = 0; tried < 10; tried += 1) await attempt({ email: `a${tried}@example.com`, password: 'x' });
    const response = await attempt(ada);
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('60');
    expect(await response.text()).toContain('Try again in 1 min.');
    app.clock.advance(60_000);
    expect((await attempt(ada)).status).toBe(303);
  });

  test('with one address is refused after twenty attempts in an hour, wherever they come from', async () => {
    app = guardedApp({ FIREBASE_WEB_API_KEY: 'key', K_SERVICE: 'console', CONSOLE_ORIGIN: FROM_HERE.origin });
    const from = async (client: number, email: string): Promise<number> =>
      (await attempt({ email, password: 'x' }, { 'x-fah-client-ip': `198.51.100.${client}` })).status;
    for (let client = 0; client < 20; client += 1) expect(await from(client, 'ada@example.com')).toBe(401);
    expect(await from(20, 'ADA@example.com')).toBe(429);
    expect(await from(21, 'oda@example.com')).toBe(401);
  });

  test('says that it is out of reach while nobody can say who people are', async () => {
    app.people.setOutage(true);
    const response = await attempt(ada);
    expect(response.status).toBe(503);
    expect(app.logged.join()).toContain('Firebase Authentication is out of reach.');
  });
});

describe('a sign-out', () => {
  test('ends the session at once, also for anyone who copied the cookie, and takes it out of the browser', async () => {
    const cookie = await app.signIn('ada@example.com');
    const body = new URLSearchParams({ csrf: await app.csrfToken(cookie) }).toString();
    const response = await app.request('/sign-out', { method: 'POST', headers: { ...FROM_HERE, cookie }, body });
    expect(response.headers.get('location')).toBe('/sign-in?notice=signed_out');
    expect(response.headers.get('set-cookie')).toContain('__session=; Max-Age=0;');
    expect((await app.request('/', { headers: { cookie } })).status).toBe(303);
    expect(app.audited.at(-1)).toMatchObject({ by: 'ada@example.com', action: 'signed_out' });
  });

  test('ends the sessions of the same person on other devices', async () => {
    const [here, there] = [await app.signIn('ada@example.com'), await app.signIn('ada@example.com')];
    await app.csrfToken(there);
    const body = new URLSearchParams({ csrf: await app.csrfToken(here) }).toString();
    await app.request('/sign-out', { method: 'POST', headers: { ...FROM_HERE, cookie: here }, body });
    expect((await app.request('/', { headers: { cookie: there } })).status).toBe(303);
  });

  test('works while nobody can say who people are, and the log says what goes on', async () => {
    const cookie = await app.signIn('ada@example.com');
    const body = new URLSearchParams({ csrf: await app.csrfToken(cookie) }).toString();
    app.people.setOutage(true);
    const response = await app.request('/sign-out', { method: 'POST', headers: { ...FROM_HERE, cookie }, body });
    expect(response.status).toBe(303);
    expect(app.logged.join()).toContain('The other sessions of ada@example.com go on.');
    app.people.setOutage(false);
    expect((await app.request('/', { headers: { cookie } })).status).toBe(303);
  });

  test('is not made by following a link', async () => {
    const cookie = await app.signIn('ada@example.com');
    await app.request('/sign-out', { headers: { cookie } });
    expect((await app.request('/', { headers: { cookie } })).status).toBe(200);
  });
});
