import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { googleToken, type TokenChanges } from '#testing/servers/google-token.ts';
import { jsonReply, startLocalServer, type LocalServer } from '#testing/servers/local-server.ts';
import { selfSignedCertificate } from '#testing/servers/self-signed-certificate.ts';
import { tokenVerifier } from './verify-token.ts';

const AUDIENCE = 'https://playbooks.example.com';
const EMAIL = 'scheduler@demo-project.iam.gserviceaccount.com';
const KEY_ID = 'key-of-today';
const google = selfSignedCertificate();
const stranger = selfSignedCertificate();

interface Token extends TokenChanges {
  readonly key?: string;
}

/** A token as Google makes it for Cloud Scheduler, with what a test says instead. */
function token({ key = google.key, ...changes }: Token = {}): string {
  return googleToken({ id: KEY_ID, key }, { audience: AUDIENCE, email: EMAIL }, changes);
}

describe('the check of a Google token', () => {
  let certificates: LocalServer;
  let asked = 0;
  let verify: (token: string) => Promise<boolean>;

  beforeAll(async () => {
    certificates = await startLocalServer(({ url }) => {
      asked += 1;
      if (url.pathname !== '/certs') return { kind: 'reply', status: 404, body: '' };
      return jsonReply(200, { [KEY_ID]: google.cert }, { 'cache-control': 'public, max-age=3600' });
    });
    verify = tokenVerifier({ audience: AUDIENCE, email: EMAIL, certificatesUrl: `${certificates.url}/certs` });
  });

  afterAll(() => certificates.close());

  test('accepts a token of the expected account for this audience', async () => {
    expect(await verify(token())).toBe(true);
  });

  test('asks for the certificates once while they are valid', async () => {
    await verify(token());
    const before = asked;

    await verify(token());

    expect(asked).toBe(before);
  });

  const hourAgo = Math.floor(Date.now() / 1000) - 2 * 3600;
  test.each<readonly [string, Token]>([
    ['is not signed (alg none)', { header: { alg: 'none' }, key: '' }],
    ['is not signed, and says that it is', { key: '' }],
    ['somebody else signed', { key: stranger.key }],
    ['names a key that Google does not have', { header: { kid: 'key-of-nobody' } }],
    ['names a key that every object has', { header: { kid: '__proto__' } }],
    ['is for another audience', { claims: { aud: 'https://other.example.com' } }],
    ['is for an audience that only begins like ours', { claims: { aud: `${AUDIENCE}.evil.example` } }],
    ['is of another account', { claims: { email: 'somebody@demo-project.iam.gserviceaccount.com' } }],
    ['is of an account whose address is not verified', { claims: { email_verified: false } }],
    ['says in words that the address is verified', { claims: { email_verified: 'true' } }],
    ['has expired', { claims: { iat: hourAgo, exp: hourAgo + 60 } }],
    ['is valid for years', { claims: { exp: Math.floor(Date.now() / 1000) + 90_000_000 } }],
    ['somebody else issued', { claims: { iss: 'https://accounts.example.com' } }],
  ])('refuses a token that %s', async (_, changes) => {
    expect(await verify(token(changes))).toBe(false);
  });

  test('refuses a token whose claims were changed after it was signed', async () => {
    const [header = '', , signature = ''] = token().split('.');
    const [, claims = ''] = token({ claims: { sub: '2' } }).split('.');

    expect(await verify([header, claims, signature].join('.'))).toBe(false);
  });

  test.each(['', 'a', 'a.b', 'a.b.c', 'e30.e30.', `${'x'.repeat(10_000)}.y.z`])(
    'refuses "%s", which is no token',
    async (text) => {
      expect(await verify(text)).toBe(false);
    },
  );

  test('refuses every token while the certificates cannot be had', async () => {
    const blind = tokenVerifier({ audience: AUDIENCE, email: EMAIL, certificatesUrl: `${certificates.url}/gone` });

    expect(await blind(token())).toBe(false);
  });
});
