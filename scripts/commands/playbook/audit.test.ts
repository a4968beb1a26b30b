import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { appendAudit } from '#records/audit/audit-log.ts';
import { changeWorld, LEO } from '#testing/builders/change-world.ts';
import { recordingTerminal, type RecordingTerminal } from '../../terminal/recording-terminal.ts';
import { audit } from './audit.ts';

let directory: string;
let terminal: RecordingTerminal;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'playbook-'));
  terminal = recordingTerminal({ directory, env: { PLAYBOOK_DATABASE: 'sqlite:playbooks.db' } });
  await inDatabase(async (documents) => {
    const world = changeWorld(documents);
    const target = { kind: 'playbook', id: 'ops_check', name: 'Check' } as const;
    await appendAudit(world, LEO, { action: 'playbook_paused', target, reason: 'The provider\nmoves' });
    await appendAudit(world, LEO, { action: 'playbook_resumed', target });
  });
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function inDatabase(action: (documents: Documents) => Promise<unknown>): Promise<void> {
  const documents = sqliteDocuments({ file: join(directory, 'playbooks.db') });
  await action(documents);
  await documents.close();
}

describe('audit', () => {
  test('lists who did what to what and why, newest first, one line each', async () => {
    expect(await audit([], terminal)).toBe(0);

    const [newest, oldest] = terminal.text().trim().split('\n');
    expect(newest).toMatch(/2026-11-20 14:00:00Z +playbook_resumed +leo@bakedbot\.ai +playbook Check$/);
    expect(oldest).toMatch(/playbook_paused .*playbook Check +The provider moves$/);
  });

  test('lists as JSON what a filter finds', async () => {
    await audit(['--action', 'playbook_paused', '--by', LEO.email, '--target', 'ops_check', '--json'], terminal);

    expect(JSON.parse(terminal.output.join('\n'))).toMatchObject({ entries: [{ sequence: 1 }], unreadable: [] });
  });

  test('says that nothing was found', async () => {
    expect(await audit(['--by', 'nobody'], terminal)).toBe(0);
    expect(terminal.text()).toContain('No entries found.');
  });

  test('--verify says that the log is complete, or where it is broken', async () => {
    expect(await audit(['--verify'], terminal)).toBe(0);
    expect(terminal.text()).toContain('The audit log is complete: 2 entries.');

    await inDatabase((documents) => documents.commit([{ kind: 'delete', path: 'audit_log/000000000002' }]));
    expect(await audit(['--verify', '--json'], terminal)).toBe(1);
    expect(terminal.text()).toContain('"brokenAt": "000000000002"');
  });

  test.each([
    [['--limit', '0'], 'from 1 to 100'],
    [['--action', 'playbook_pausd'], 'Did you mean playbook_paused?'],
  ])('refuses the arguments %j', async (argv, hint) => {
    expect(await audit(argv, terminal)).toBe(2);
    expect(terminal.text()).toContain(hint);
  });
});
