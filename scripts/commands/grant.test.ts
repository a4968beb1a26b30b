import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { listAuditEntries } from '#records/audit/audit-log.ts';
import {
  startIdentityToolkitServer,
  type IdentityToolkitServer,
  type KeptAccount,
} from '#testing/servers/identity-toolkit-server.ts';
import { main } from './grant.ts';
import { recordingTerminal, type RecordingTerminal } from '../terminal/recording-terminal.ts';

let server: IdentityToolkitServer;
let directory: string;
let terminal: RecordingTerminal;

beforeEach(async () => {
  server = await startIdentityToolkitServer();
  directory = mkdtempSync(join(tmpdir(), 'grant-'));
  const emulator = `${server.host}:${server.port}`;
  process.env['FIREBASE_AUTH_EMULATOR_HOST'] = emulator;
  terminal = terminalWith({ FIREBASE_AUTH_EMULATOR_HOST: emulator });
});

afterEach(async () => {
  delete process.env['FIREBASE_AUTH_EMULATOR_HOST'];
  await server.close();
  rmSync(directory, { recursive: true });
});

function terminalWith(env: Readonly<Record<string, string>>): RecordingTerminal {
  const database = `sqlite:${join(directory, 'playbooks.db')}`;
  const common = { GOOGLE_CLOUD_PROJECT: 'demo-playbooks', PLAYBOOK_DATABASE: database, USER: 'leo' };
  return recordingTerminal({ directory, env: { ...common, ...env } });
}

function keep(changes: Partial<KeptAccount> = {}): void {
  server.accounts.set('ada', { localId: 'ada', email: 'ada@example.com', emailVerified: true, ...changes });
}

function claims(): unknown {
  return JSON.parse(server.accounts.get('ada')?.customAttributes ?? 'null');
}

async function audited() {
  const documents = sqliteDocuments({ file: join(directory, 'playbooks.db') });
  const { items } = await listAuditEntries(documents, {}, { limit: 10 });
  await documents.close();
  return items;
}

describe('npm run grant', () => {
  test('makes an account a viewer by default', async () => {
    keep({ customAttributes: '{"team":"ops"}' });
    expect(await main(['ada@example.com'], terminal)).toBe(0);
    expect(claims()).toEqual({ team: 'ops', superUser: true, playbookRole: 'viewer' });
    expect(await main(['ada@example.com', '--role', 'admin'], terminal)).toBe(0);
    expect(claims()).toMatchObject({ playbookRole: 'admin' });
    expect(terminal.text()).toContain('ada@example.com is now admin (before: viewer), and must sign in again.');
  });

  test('records every change, with who made it and the role before', async () => {
    keep();
    await main(['ada@example.com', '--role', 'admin'], terminal);
    await main(['ada@example.com', '--revoke'], terminal);
    const person = { kind: 'person', id: 'ada', name: 'ada@example.com' };
    expect(await audited()).toMatchObject([
      { action: 'role_revoked', by: 'leo (npm run grant)', target: person, details: { before: 'admin', after: null } },
      { action: 'role_granted', by: 'leo (npm run grant)', target: person, details: { before: null, after: 'admin' } },
    ]);
  });

  test('ends the sessions of the account with every change, and with nothing else', async () => {
    keep();
    await main(['ada@example.com', '--role', 'admin'], terminal);
    expect(Number(server.accounts.get('ada')?.validSince)).toBeGreaterThan(0);
    keep({ customAttributes: server.accounts.get('ada')?.customAttributes ?? '' });
    expect(await main(['ada@example.com', '--role', 'admin'], terminal)).toBe(0);
    expect(server.accounts.get('ada')?.validSince).toBeUndefined();
    expect(terminal.text()).toContain('ada@example.com is already admin.');
    expect(await audited()).toHaveLength(1);
  });

  test('names an unknown account, and says how to create it', async () => {
    expect(await main(['new@example.com'], terminal)).toBe(1);
    expect(terminal.errors.join()).toContain('No account has the address new@example.com. Pass --create');
    expect(server.accounts.size).toBe(0);
  });

  test('creates an account with --create, and prints the link for choosing a password', async () => {
    expect(await main(['new@example.com', '--create', '--role', 'operator'], terminal)).toBe(0);
    expect([...server.accounts.values()]).toMatchObject([{ email: 'new@example.com' }]);
    expect(terminal.output.join()).toContain('mode=resetPassword');
  });

  test('rejects an account with an unverified address: anyone could have created it', async () => {
    keep({ emailVerified: false });
    expect(await main(['ada@example.com', '--role', 'admin', '--create'], terminal)).toBe(1);
    expect(terminal.errors.join()).toContain('The address ada@example.com is not verified');
    expect(claims()).toBeNull();
    expect(await main(['ada@example.com', '--role', 'admin', '--unverified'], terminal)).toBe(0);
    expect(claims()).toMatchObject({ playbookRole: 'admin' });
  });

  test('removes the role of an account with an unverified address', async () => {
    keep({ emailVerified: false, customAttributes: '{"superUser":true,"playbookRole":"admin"}' });
    expect(await main(['ada@example.com', '--revoke'], terminal)).toBe(0);
    expect(claims()).toEqual({});
  });

  test('changes the role and says so when the database is out of reach', async () => {
    keep();
    const env = { ...terminal.env, FIREBASE_AUTH_EMULATOR_HOST: terminal.env['FIREBASE_AUTH_EMULATOR_HOST'] ?? '' };
    terminal = recordingTerminal({
      directory,
      env: { ...env, PLAYBOOK_DATABASE: 'firestore', FIRESTORE_EMULATOR_HOST: '127.0.0.1:9' },
    });
    expect(await main(['ada@example.com', '--role', 'admin'], terminal)).toBe(0);
    expect(claims()).toMatchObject({ playbookRole: 'admin' });
    expect(terminal.errors.join()).toContain('This is not in the audit log:');
  });

  test('lists everyone who has access, also as JSON', async () => {
    keep({ customAttributes: '{"superUser":true,"playbookRole":"admin"}', disabled: true });
    server.accounts.set('eve', { localId: 'eve', email: 'eve@example.com' });
    await main(['--list'], terminal);
    expect(terminal.output).toEqual(['ada@example.com  admin  (disabled)']);
    await main(['--list', '--json'], terminal);
    expect(JSON.parse(terminal.output.slice(1).join('\n'))).toMatchObject([{ uid: 'ada', role: 'admin' }]);
  });

  test('prints a change as JSON and nothing else', async () => {
    keep();
    await main(['ada@example.com', '--role', 'approver', '--json'], terminal);
    expect(JSON.parse(terminal.output.join('\n'))).toMatchObject({ role: 'approver', before: null, audited: true });
  });

  test.each([
    [[], 'EMAIL is missing'],
    [['ada@example.com', '--role', 'king'], 'Unknown role king.'],
    [['ada@example.com', '--revoke', '--role', 'admin'], '--revoke cannot be combined'],
    [['ada@example.com', '--revoke', '--create'], '--revoke cannot be combined'],
    [['ada@example.com', '--list'], '--list takes no other arguments.'],
    [['--list', '--unverified'], '--list takes no other arguments.'],
  ])('refuses %j and says why', async (argv, words) => {
    keep();
    expect(await main(argv, terminal)).toBe(2);
    expect(terminal.errors.join()).toContain(words);
    expect(server.calls).toEqual([]);
  });
});
