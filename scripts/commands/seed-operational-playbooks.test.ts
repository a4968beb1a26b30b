import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { loadPlaybook, loadVersion, playbookPath } from '#records/playbooks/playbooks.ts';
import { recordingTerminal } from '../terminal/recording-terminal.ts';
import { main } from './seed-operational-playbooks.ts';

let directory: string;
let documents: Documents;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'seed-'));
  await mkdir(join(directory, 'mine'));
  documents = sqliteDocuments({ file: join(directory, 'playbooks.db') });
});

afterEach(async () => {
  await documents.close();
  await rm(directory, { recursive: true });
});

const STEP = '  - { id: tell, type: notify, channels: [dashboard], subject: Hello, body: All is well }';

async function write(id: string, ...lines: string[]): Promise<void> {
  const text = [`id: ${id}`, `name: Playbook ${id}`, ...lines, 'steps:', STEP, ''].join('\n');
  await writeFile(join(directory, 'mine', `${id}.yaml`), text);
}

async function seed(...argv: string[]): Promise<{ exitCode: number; text: string }> {
  const terminal = recordingTerminal({ directory, env: { PLAYBOOK_DATABASE: 'sqlite:playbooks.db' } });
  const exitCode = await main(argv.includes('--playbooks') ? argv : ['--playbooks', 'mine', ...argv], terminal);
  return { exitCode, text: terminal.text() };
}

describe('npm run seed', () => {
  test('writes the playbooks with their versions, and the settings', async () => {
    await write('first');

    const { exitCode, text } = await seed();

    expect(exitCode).toBe(0);
    expect(text).toMatch(/\+ +first +new +\w+ +enabled/);
    const record = await loadPlaybook(documents, 'first');
    expect(await loadVersion(documents, 'first', record?.version ?? '')).toEqual(record?.definition);
    expect(await documents.get('playbook_settings/people')).toBeDefined();
    expect(await documents.get('playbook_agents/leo')).toBeDefined();
  });

  test('changes nothing the second time', async () => {
    await write('first');
    await seed();
    const before = await documents.get(playbookPath('first'));

    const { text } = await seed();

    expect(text).toContain('0 written');
    expect((await documents.get(playbookPath('first')))?.updateTime).toBe(before?.updateTime);
  });

  test('says that a playbook stays disabled by an operator', async () => {
    await write('first');
    await seed();
    await documents.commit([
      { kind: 'update', path: playbookPath('first'), changes: [{ field: ['enabled'], value: false }] },
    ]);
    await write('first', 'description: Now with a description');

    const { text } = await seed();

    expect(text).toMatch(/~ +first +changed +\w+ +disabled \(set by an operator/);
    expect(await loadPlaybook(documents, 'first')).toMatchObject({ enabled: false });
  });

  test('keeps a playbook whose file is gone, and says so', async () => {
    await write('first');
    await write('second');
    await seed();
    await rm(join(directory, 'mine', 'second.yaml'));

    const { exitCode, text } = await seed();

    expect(exitCode).toBe(0);
    expect(text).toContain('second is in the database but has no file.');
    expect(await loadPlaybook(documents, 'second')).toBeDefined();
  });

  test('writes nothing if any file has a problem, and names the place', async () => {
    await write('first');
    await writeFile(
      join(directory, 'mine', 'second.yaml'),
      'id: second\nname: Second\nsteps:\n  - { id: a, type: tool_cal }\n',
    );

    const { exitCode, text } = await seed();

    expect(exitCode).toBe(1);
    expect(text).toMatch(/second\.yaml:4:\d+/);
    expect(text).toContain("Did you mean 'tool_call'?");
    expect(await loadPlaybook(documents, 'first')).toBeUndefined();
    expect(await documents.get('playbook_settings/people')).toBeUndefined();
  });

  test.each([
    ['that does not exist', 'nowhere', 'does not exist'],
    ['without a playbook', 'mine', 'No playbooks in'],
  ])('refuses a directory %s', async (_, name, message) => {
    const { exitCode, text } = await seed('--playbooks', name);

    expect(exitCode).toBe(1);
    expect(text).toContain(message);
  });

  test('with --dry-run changes nothing', async () => {
    await write('first');

    const { exitCode, text } = await seed('--dry-run');

    expect(exitCode).toBe(0);
    expect(text).toContain('would be written');
    expect(await loadPlaybook(documents, 'first')).toBeUndefined();
    expect(await documents.get('playbook_settings/people')).toBeUndefined();
  });

  test('three times at once loses nothing', async () => {
    await write('first');
    await write('second');

    const seeds = await Promise.all([seed(), seed(), seed()]);

    expect(seeds.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(await loadPlaybook(documents, 'first')).toMatchObject({ enabled: true });
    expect(await loadPlaybook(documents, 'second')).toMatchObject({ enabled: true });
  });

  test('with --json prints one object that a script can read', async () => {
    await write('first');

    const { text } = await seed('--json');

    expect(JSON.parse(text)).toMatchObject({
      dryRun: false,
      playbooks: [{ id: 'first', change: 'new', enabled: true }],
    });
  });

  test('with --json also prints the problems', async () => {
    await writeFile(join(directory, 'mine', 'broken.yaml'), 'id: [\n');

    const { exitCode, text } = await seed('--json');

    expect(exitCode).toBe(1);
    expect(JSON.parse(text)).toMatchObject({ problems: [{ line: expect.any(Number) }] });
  });
});
