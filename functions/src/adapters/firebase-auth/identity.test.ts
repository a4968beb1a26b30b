import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Identity, SignIn } from '#ports/identity.ts';
import {
  startIdentityToolkitServer,
  unsigned,
  type IdentityToolkitServer,
  type KeptAccount,
} from '#testing/servers/identity-toolkit-server.ts';
import { firebaseIdentity } from './identity.ts';

const ADMIN = JSON.stringify({ superUser: true, playbookRole: 'admin', team: 'ops' });
const options = { projectId: 'demo-playbooks', apiKey: undefined, timeoutMs: 500 };

let server: IdentityToolkitServer;
let identity: Identity;

beforeEach(async () => {
  server = await startIdentityToolkitServer();
  const emulatorHost = `${server.host}:${server.port}`;
  process.env['FIREBASE_AUTH_EMULATOR_HOST'] = emulatorHost;
  identity = firebaseIdentity({ ...options, emulatorHost });
});

afterEach(async () => {
  delete process.env['FIREBASE_AUTH_EMULATOR_HOST'];
  await identity.close();
  await server.close();
});

function keep(changes: Partial<KeptAccount> = {}): KeptAccount {
  const account = { localId: 'ada', email: 'ada@example.com', password: 'right', customAttributes: ADMIN, ...changes };
  server.accounts.set(account.localId, account);
  return account;
}

async function session(): Promise<string> {
  const result = await identity.signIn('ada@example.com', 'right');
  if (result.outcome !== 'signed_in') throw new Error(`The sign-in was ${result.outcome}.`);
  return result.sessionCookie;
}

const ada = { uid: 'ada', email: 'ada@example.com', role: 'admin' };

describe('a sign-in', () => {
  test('gives a session of the person with the role of the claims', async () => {
    keep();
    expect(await identity.signIn('ada@example.com', 'right')).toMatchObject({ outcome: 'signed_in', person: ada });
    expect(await identity.verify(await session())).toEqual(ada);
  });

  test.each<readonly [string, Partial<KeptAccount>, string]>([
    ['the password is wrong', {}, 'wrong'],
    ['there is no such account', { email: 'other@example.com' }, 'right'],
    ['the account is disabled', { disabled: true }, 'right'],
    ['the account has no claims', { customAttributes: '' }, 'right'],
    ['the claim is not true', { customAttributes: '{"superUser":false,"playbookRole":"admin"}' }, 'right'],
    ['the claim is a text', { customAttributes: '{"superUser":"true"}' }, 'right'],
    ['a stranger would be asked for a second factor', { customAttributes: '{}', hasSecondFactor: true }, 'right'],
  ])('is refused without a reason when %s', async (_, changes, password) => {
    keep(changes);
    expect(await identity.signIn('ada@example.com', password)).toEqual({ outcome: 'refused' } satisfies SignIn);
  });

  test.each(['{"superUser":true}', '{"superUser":true,"playbookRole":"king"}', '{"superUser":true,"playbookRole":7}'])(
    'with the claims %s is that of a viewer',
    async (customAttributes) => {
      keep({ customAttributes });
      expect(await identity.signIn('ada@example.com', 'right')).toMatchObject({ person: { role: 'viewer' } });
    },
  );

  test('says that a second factor is asked for', async () => {
    keep({ hasSecondFactor: true });
    expect(await identity.signIn('ada@example.com', 'right')).toEqual({
      outcome: 'unfinished',
      needs: 'second_factor',
    });
  });

  test('says that a new password is asked for', async () => {
    keep();
    server.faults.push({ status: 400, message: 'PASSWORD_DOES_NOT_MEET_REQUIREMENTS : Missing: [upper case]' });
    expect(await identity.signIn('ada@example.com', 'right')).toEqual({ outcome: 'unfinished', needs: 'new_password' });
  });

  test.each([
    ['TOO_MANY_ATTEMPTS_TRY_LATER : Access was disabled.', 400, 'rate_limited'],
    ['PASSWORD_LOGIN_DISABLED', 400, 'unconfigured'],
    ['API key not valid. Please pass a valid API key.', 400, 'unconfigured'],
    ['Requests from referer <empty> are blocked.', 403, 'unauthenticated'],
    ['INTERNAL', 500, 'unavailable'],
  ])('that Google answers with "%s" (%i) is %s', async (message, status, code) => {
    server.faults.push({ status, message });
    await expect(identity.signIn('ada@example.com', 'right')).rejects.toMatchObject({ code });
  });

  test('does not wait longer than its limit', async () => {
    server.faults.push('hang');
    await expect(identity.signIn('ada@example.com', 'right')).rejects.toMatchObject({ code: 'timeout' });
  });

  test('without a key is unconfigured, and nobody is asked', async () => {
    const keyless = firebaseIdentity({ ...options, emulatorHost: undefined });
    await expect(keyless.signIn('ada@example.com', 'right')).rejects.toMatchObject({ code: 'unconfigured' });
  });
});

describe('a session', () => {
  test.each<readonly [string, Partial<KeptAccount>]>([
    ['was disabled', { disabled: true }],
    ['lost the claim', { customAttributes: '{}' }],
    ['was ended everywhere since', { validSince: String(Math.floor(Date.now() / 1000) + 60) }],
  ])('is nobody’s when the account %s', async (_, changes) => {
    keep();
    const cookie = await session();
    keep(changes);
    expect(await identity.verify(cookie)).toBeUndefined();
  });

  test('is nobody’s when the account is gone', async () => {
    keep();
    const cookie = await session();
    server.accounts.clear();
    expect(await identity.verify(cookie)).toBeUndefined();
  });

  test('has the role of the account now, not that which it claims', async () => {
    keep();
    const cookie = await session();
    keep({ customAttributes: '{"superUser":true,"playbookRole":"viewer"}' });
    expect(await identity.verify(cookie)).toMatchObject({ role: 'viewer' });
  });

  const now = Math.floor(Date.now() / 1000);
  const content = {
    sub: 'ada',
    aud: 'demo-playbooks',
    iss: 'https://session.firebase.google.com/demo-playbooks',
    auth_time: now,
    iat: now,
    exp: now + 3600,
  };
  test.each([
    ['has expired', unsigned({ ...content, iat: now - 7200, exp: now - 3600 })],
    ['is for another project', unsigned({ ...content, aud: 'other' })],
    ['is the token of another kind', unsigned({ ...content, iss: 'https://securetoken.google.com/demo-playbooks' })],
    ['is of nobody', unsigned({ ...content, sub: '' })],
    ['is nothing', ''],
    ['is a word', 'nonsense'],
    ['holds no objects', 'bnVsbA.bnVsbA.'],
    ['is too long', unsigned({ ...content, more: 'x'.repeat(5000) })],
  ])('that %s is nobody’s', async (_, cookie) => {
    keep();
    expect(await identity.verify(cookie)).toBeUndefined();
  });

  test('that nobody signed is nobody’s outside of the emulator, and no network is needed to tell', async () => {
    delete process.env['FIREBASE_AUTH_EMULATOR_HOST'];
    const real = firebaseIdentity({ ...options, emulatorHost: undefined });
    expect(await real.verify(unsigned(content))).toBeUndefined();
    await real.close();
  });

  test('is not thought of as ended while the accounts are out of reach', async () => {
    keep();
    const cookie = await session();
    await server.close();
    await expect(identity.verify(cookie)).rejects.toMatchObject({ code: 'unavailable' });
    server = await startIdentityToolkitServer();
  });
});

describe('a role', () => {
  test('is granted beside the other claims, and ends the sessions', async () => {
    keep({ customAttributes: '{"team":"ops"}' });
    expect(await identity.grant('ada@example.com', 'approver')).toMatchObject({ uid: 'ada', role: 'approver' });
    const account = server.accounts.get('ada');
    expect(JSON.parse(account?.customAttributes ?? '')).toEqual({
      team: 'ops',
      superUser: true,
      playbookRole: 'approver',
    });
    expect(Number(account?.validSince)).toBeGreaterThan(0);
  });

  test('is taken away without the other claims', async () => {
    keep();
    await identity.grant('ada@example.com', null);
    expect(JSON.parse(server.accounts.get('ada')?.customAttributes ?? '')).toEqual({ team: 'ops' });
    expect(await identity.findAccount('ada@example.com')).toMatchObject({ role: null });
  });

  test('cannot be granted to nobody', async () => {
    await expect(identity.grant('nobody@example.com', 'viewer')).rejects.toMatchObject({ code: 'input_invalid' });
  });
});

describe('accounts', () => {
  test('are found by their address', async () => {
    keep({ emailVerified: true });
    expect(await identity.findAccount('ada@example.com')).toEqual({ ...ada, disabled: false, emailVerified: true });
    expect(await identity.findAccount('nobody@example.com')).toBeUndefined();
    expect(await identity.findAccount('no address')).toBeUndefined();
  });

  test('are listed when they are super users, by address', async () => {
    keep();
    keep({ localId: 'abe', email: 'abe@example.com' });
    keep({ localId: 'user', email: 'user@example.com', customAttributes: '{}' });
    expect((await identity.listPeople()).map(({ email }) => email)).toEqual(['abe@example.com', 'ada@example.com']);
  });

  test('are made without a password, with a link to choose one', async () => {
    const { account, passwordResetLink } = await identity.createAccount('new@example.com');
    expect(account).toMatchObject({ email: 'new@example.com', role: null, emailVerified: false });
    expect(passwordResetLink).toContain('mode=resetPassword');
    await expect(identity.createAccount('new@example.com')).rejects.toMatchObject({ code: 'input_invalid' });
  });
});
