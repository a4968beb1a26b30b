import { describe, expect, test } from 'vitest';
import { isLoopbackHost, readAccessConfig, type GuardedServer } from './access-config.ts';

const here: GuardedServer = { host: '127.0.0.1', database: { kind: 'sqlite', file: 'x.db' } };
const inCloud: GuardedServer = { host: '0.0.0.0', database: { kind: 'firestore', databaseId: undefined } };
const LOCAL = { CONSOLE_LOCAL_OPERATOR: '1' };

describe('the local operator', () => {
  test('is let in on loopback with a database file', () => {
    const { entrance, secure } = readAccessConfig(LOCAL, here);
    expect(entrance).toEqual({ kind: 'local_operator', email: 'you@localhost' });
    expect(secure).toBe(false);
  });

  test('is let in on loopback with the Firestore emulator', () => {
    const env = { ...LOCAL, FIRESTORE_EMULATOR_HOST: '127.0.0.1:8080' };
    expect(readAccessConfig(env, { ...inCloud, host: '::1' }).entrance.kind).toBe('local_operator');
  });

  test('may have an address of their own', () => {
    const { entrance } = readAccessConfig({ CONSOLE_LOCAL_OPERATOR: 'leo@example.com' }, here);
    expect(entrance).toMatchObject({ email: 'leo@example.com' });
  });

  test.each([
    ['in the cloud', { ...LOCAL, K_SERVICE: 'console' }, here, 'not for the cloud'],
    ['for other machines', LOCAL, { ...here, host: '0.0.0.0' }, 'listens on 0.0.0.0'],
    ['for other machines, by a name', LOCAL, { ...here, host: 'ops.local' }, 'listens on ops.local'],
    ['with a database in the cloud', LOCAL, { ...inCloud, host: '127.0.0.1' }, 'a database on this machine'],
    ['with a word that means nothing', { CONSOLE_LOCAL_OPERATOR: 'yes' }, here, 'write 1, or the email address'],
  ])('is refused %s', (_, env, server, words) => {
    expect(() => readAccessConfig(env, server)).toThrow(words);
  });

  test('is refused with all reasons at once', () => {
    expect(() => readAccessConfig({ ...LOCAL, K_SERVICE: 'console' }, inCloud)).toThrow(
      /for the cloud[\s\S]*listens on[\s\S]*a database on this machine/,
    );
  });
});

describe('an entrance with accounts', () => {
  test('takes the key of the variable before that of the web app', () => {
    const env = { FIREBASE_WEB_API_KEY: ' one \n', FIREBASE_WEBAPP_CONFIG: '{"apiKey":"two"}', K_SERVICE: 'console' };
    expect(readAccessConfig(env, inCloud)).toMatchObject({
      entrance: { kind: 'firebase', apiKey: 'one' },
      behindProxy: true,
      secure: true,
    });
  });

  test('takes the key of the web app', () => {
    expect(readAccessConfig({ FIREBASE_WEBAPP_CONFIG: '{"apiKey":"two"}' }, inCloud).entrance).toMatchObject({
      apiKey: 'two',
    });
  });

  test.each([{}, { FIREBASE_WEBAPP_CONFIG: 'nonsense' }, { FIREBASE_WEBAPP_CONFIG: '{"apiKey":""}' }])(
    'is refused without a key: %j',
    (env) => {
      expect(() => readAccessConfig(env, inCloud)).toThrow('FIREBASE_WEB_API_KEY is missing');
    },
  );

  test('asks the Auth emulator where the database is on this machine', () => {
    const { entrance } = readAccessConfig({ FIREBASE_AUTH_EMULATOR_HOST: '127.0.0.1:9099' }, here);
    expect(entrance).toMatchObject({ kind: 'firebase', emulatorHost: '127.0.0.1:9099' });
  });

  test.each([
    ['the database is in the cloud', { FIREBASE_AUTH_EMULATOR_HOST: '127.0.0.1:9099' }, inCloud],
    ['it runs in the cloud', { FIREBASE_AUTH_EMULATOR_HOST: '127.0.0.1:9099', K_SERVICE: 'console' }, here],
  ])('does not trust the Auth emulator where %s', (_, env, server) => {
    expect(() => readAccessConfig(env, server)).toThrow('anyone could enter');
  });

  test('is refused with an origin that is none', () => {
    const env = { FIREBASE_WEB_API_KEY: 'key', CONSOLE_ORIGIN: 'https://ops.example.com, ops.example.com/' };
    expect(() => readAccessConfig(env, inCloud)).toThrow('"ops.example.com/"');
  });
});

describe('a host of this machine alone', () => {
  test.each(['localhost', '127.0.0.1', '127.8.9.10', '::1'])('is %s', (host) => {
    expect(isLoopbackHost(host)).toBe(true);
  });

  test.each(['', '0.0.0.0', '::', '127.evil.example', 'localhost.evil.example', '10.0.0.1'])('is not "%s"', (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  });
});
