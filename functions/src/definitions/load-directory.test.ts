import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { versionOf } from '../engine/version.ts';
import { smallStepTypes } from '../testing/small-step-types.ts';
import { loadDefinitions } from './load-directory.ts';
import { formatProblem } from './source.ts';

const settings = {
  'agents/linus.yaml': 'id: linus\nname: Linus\nrole: CTO\ninstructions: Find out why.\nmodel: small\ntools: [ping]\n',
  'people.yaml': 'roles: { operator: [ann@example.com] }\nsender: { email: ops@example.com, name: Ops }\n',
  'platform.yaml': readFileSync(join(import.meta.dirname, '../../../playbooks/platform.yaml'), 'utf8'),
  'integrations.yaml': 'integrations: []\n',
  'models.yaml':
    'asOf: 2026-11-01\nauthor: small\nmodels: { small: { input: 1, output: 2, cacheRead: 0.1, cacheWrite: 1.25 } }\n',
};
const playbook = 'id: ping_all\nname: Ping\nsteps:\n  - { id: a, type: tool_call, tool: ping }\n';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'definitions-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function load(files: Readonly<Record<string, string | Buffer>>, playbooksDir = '.') {
  for (const [name, text] of Object.entries(files)) {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  const definitions = await loadDefinitions({
    playbooksDir: join(directory, playbooksDir),
    settingsDir: directory,
    stepTypes: smallStepTypes,
    tools: [{ name: 'ping', input: z.strictObject({}) }],
    channels: [{ name: 'slack', addressed: false }],
  });
  const problems = definitions.problems.map((problem) =>
    formatProblem(problem).split('\n')[0]?.replace(`${directory}/`, ''),
  );
  return { ...definitions, problems };
}

describe('loading', () => {
  test('everything that fits together is returned, with source and version', async () => {
    const loaded = await load({ ...settings, 'ping_all.yaml': playbook });
    expect(loaded.problems).toEqual([]);
    expect(loaded.playbooks).toHaveLength(1);
    expect(loaded.playbooks[0]).toMatchObject({
      source: playbook,
      playbook: { id: 'ping_all', deadline: '10m', enabled: true },
    });
    for (const { playbook: read, version } of loaded.playbooks) expect(version).toBe(versionOf(read));
    expect(loaded.agents).toMatchObject([{ id: 'linus', tools: ['ping'] }]);
    expect(loaded.people?.roles).toEqual({ operator: ['ann@example.com'] });
    expect(loaded.models?.author).toBe('small');
    expect(loaded.integrations).toEqual({ integrations: [] });
    expect(loaded.platform).toBeDefined();
  });

  test('playbooks may come from another directory than the settings', async () => {
    const loaded = await load({ ...settings, 'elsewhere/ping_all.yaml': playbook }, 'elsewhere');
    expect(loaded.problems).toEqual([]);
    expect(loaded.playbooks.map(({ playbook: { id } }) => id)).toEqual(['ping_all']);
  });

  test('a file that cannot be read is named', async () => {
    await mkdir(join(directory, 'ping_all.yaml'));
    await expect(load(settings)).rejects.toThrow(/ping_all\.yaml cannot be read: EISDIR/);
  });

  test('a directory that is not there is an error', async () => {
    await expect(load(settings, 'nowhere')).rejects.toThrow('ENOENT');
  });
});

describe('problems', () => {
  test('problems of all files and all kinds come together, and what has one is not returned', async () => {
    const loaded = await load({
      ...settings,
      'ping_all.yaml': playbook,
      'other.yaml':
        'id: another\nname: Other\nsteps:\n  - { id: a, type: tool_call, tool: pong, timeout: 5 }\n  - { id: b, type: delegate, agent: linsu, task: T }\n',
      'broken.yaml': 'id: [\n',
      'agents/leo.yaml': 'id: leon\nname: Leo\nrole: COO\ninstructions: Report.\nmodel: smal\ntools: [ping, pign]\n',
    });
    expect(loaded.problems).toEqual([
      "agents/leo.yaml:1:5  id  The id 'leon' must be the name of the file, which is 'leo'.",
      "agents/leo.yaml:5:8  model  Unknown model 'smal'. Did you mean 'small'?",
      "agents/leo.yaml:6:15  tools[1]  Unknown tool 'pign'. Did you mean 'ping'?",
      expect.stringContaining('broken.yaml:'),
      "other.yaml:4:37  steps[0].tool  Unknown tool 'pong'. Did you mean 'ping'?",
      'other.yaml:4:52  steps[0].timeout  This must be a text, but it is the number 5.',
      "other.yaml:5:37  steps[1].agent  Unknown agent 'linsu'. Did you mean 'linus'?",
    ]);
    expect(loaded.playbooks.map(({ playbook: { id } }) => id)).toEqual(['ping_all']);
    expect(loaded.agents.map(({ id }) => id)).toEqual(['linus']);
  });

  test('a step of an unknown type is checked for what every step has', async () => {
    const step = '  - { id: a, type: tool_cal, tool: ping, retry: { maxDelay: 30 } }\n';
    const loaded = await load({ ...settings, 'ping_all.yaml': `id: ping_all\nname: Ping\nsteps:\n${step}` });
    expect(loaded.problems).toEqual([
      "ping_all.yaml:4:20  steps[0].type  Unknown step type 'tool_cal'. Did you mean 'tool_call'?",
      'ping_all.yaml:4:61  steps[0].retry.maxDelay  This must be a text, but it is the number 30.',
    ]);
  });

  test('the id of a playbook is the name of its file', async () => {
    const loaded = await load({ ...settings, 'pong_all.yaml': playbook });
    expect(loaded.problems).toEqual([
      "pong_all.yaml:1:5  id  The id 'ping_all' must be the name of the file, which is 'pong_all'.",
    ]);
  });

  test('a file that is not UTF-8 is refused, with the place of the first letter that cannot be read', async () => {
    const text = playbook.replace('name: Ping', 'name: Müller');
    const loaded = await load({
      ...settings,
      'ping_all.yaml': Buffer.from(text, 'latin1'),
      'utf16.yaml': Buffer.from(`\uFEFF${text}`, 'utf16le'),
    });
    expect(loaded.problems).toEqual([
      'ping_all.yaml:2:8  The file is not UTF-8 from here on. Save it as UTF-8.',
      'utf16.yaml:1:1  The file is not UTF-8 from here on. Save it as UTF-8.',
    ]);
  });

  test('two files cannot define the same thing', async () => {
    const loaded = await load({ ...settings, 'ping_all.yaml': playbook, 'ping_all.yml': playbook });
    expect(loaded.problems).toEqual([
      expect.stringContaining('ping_all.yml:1:1  The same name stands for a second definition'),
    ]);
  });

  test('settings that are missing or wrong are named, and roles are then not held against playbooks', async () => {
    const { 'models.yaml': _, ...others } = settings;
    const tell =
      'id: tell\nname: Tell\nsteps:\n  - { id: a, type: notify, channels: [slack], to: [nobody], subject: S, body: B }\n';
    const loaded = await load({ ...others, 'people.yaml': 'roles: {}\nsender: {}\n', 'tell.yaml': tell });
    expect(loaded.models).toBeUndefined();
    expect(loaded.people).toBeUndefined();
    expect(loaded.problems).toEqual([
      'models.yaml:1:1  The file is missing; it belongs beside the playbooks.',
      "people.yaml:2:9  sender.email  The field 'email' is missing.",
      "people.yaml:2:9  sender.name  The field 'name' is missing.",
    ]);
  });
});
