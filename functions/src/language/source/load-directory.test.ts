import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { versionOf } from '../playbook/version.ts';
import { smallStepTypes } from '#testing/builders/small-step-types.ts';
import { loadDefinitions } from './load-directory.ts';
import { formatProblem } from './source.ts';

const settings = {
  'agents/linus.yaml': 'id: linus\nname: Linus\nrole: CTO\ninstructions: Find out why.\nmodel: small\ntools: [ping]\n',
  'people.yaml': 'roles: { operator: [ann@example.com] }\nsender: { email: ops@example.com, name: Ops }\n',
  'platform.yaml': readFileSync(join(import.meta.dirname, '../../../../playbooks/platform.yaml'), 'utf8'),
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
      "agents/leo.yaml:1:5  id  The id 'leon' must match the file name, 'leo'.",
      "agents/leo.yaml:5:8  model  Unknown model 'smal'. Did you mean 'small'?",
      "agents/leo.yaml:6:15  tools[1]  Unknown tool 'pign'. Did you mean 'ping'?",
      expect.stringContaining('broken.yaml:'),
      "other.yaml:1:5  id  The id 'another' must match the file name, 'other'.",
      "other.yaml:4:37  steps[0].tool  Unknown tool 'pong'. Did you mean 'ping'?",
      'other.yaml:4:52  steps[0].timeout  This must be a text, but it is the number 5.',
      "other.yaml:5:37  steps[1].agent  Unknown agent 'linsu'. Did you mean 'linus'?",
    ]);
    expect(loaded.playbooks.map(({ playbook: { id } }) => id)).toEqual(['ping_all']);
    expect(loaded.agents.map(({ id }) => id)).toEqual(['linus']);
  });

  test('what does not fit the schema does not hide other problems', async () => {
    const text = [
      'id: Broken', //                                                                    1
      'schedule: { cron: "61 * * * *", timeZone: 5 }', //                                 2
      'inputs: { days: { type: numbr }, in: { type: string } }', //                       3
      'steps:', //                                                                        4
      '  - { id: in, type: tool_call, tool: pong, timeout: 5 }', //                        5
      '  - { id: Fetch-All, type: tool_call, tool: ping }', //                            6
      '  - 7', //                                                                         7
      '  - id: c', //                                                                     8
      '    type: condition', //                                                           9
      '    if: steps.nobody.output > 0', //                                               10
      '    then:', //                                                                     11
      '      - { id: 5, type: notify, channels: [slak], subject: S, body: "${{ nmae }}" }', // 12
      '      - { id: d, type: notify, channels: [slack], subject: "${{ steps.Fetch-All.output }}", body: "${{ inputs.days }}" }',
      'criteria:', //                                                                     14
      '  - { id: k, value: stesp.d.output, ok: value < 1 }', //                           15
      'alerts: { channels: [pager, 5] }', //                                              16
      '',
    ].join('\n');
    const { problems } = await load({ ...settings, 'broken.yaml': text });
    const said = problems.join('\n');
    for (const expected of [
      /broken\.yaml:1:1 {2}name {2}The field 'name' is missing/,
      /:1:5 {2}id {2}'Broken' must start with a lowercase letter/,
      /:2:19 {2}schedule\.cron {2}The minute '61'/,
      /:2:43 {2}schedule\.timeZone {2}This must be a text/,
      /:3:\d+ {2}inputs\.days\.type {2}Unknown/,
      /:3:\d+ {2}inputs\.in {2}'in' is a reserved word of the expression language/,
      /:5:\d+ {2}steps\[0\]\.id {2}'in' is a reserved word/,
      /:5:\d+ {2}steps\[0\]\.tool {2}Unknown tool 'pong'/,
      /:5:\d+ {2}steps\[0\]\.timeout/,
      /:6:\d+ {2}steps\[1\]\.id {2}'Fetch-All' must start/,
      /:7:\d+ {2}steps\[2\]/,
      /:10:\d+ {2}steps\[3\]\.if {2}[^\n]*'nobody'/,
      /:12:\d+ {2}steps\[3\]\.then\[0\]\.id {2}This must be a text/,
      /:12:\d+ {2}steps\[3\]\.then\[0\]\.channels\[0\] {2}Unknown channel 'slak'/,
      /:12:\d+ {2}steps\[3\]\.then\[0\]\.body {2}[^\n]*'nmae'/,
      /:15:\d+ {2}criteria\[0\]\.value {2}[^\n]*'stesp'/,
      /criteria\[0\]\.alert {2}The field 'alert' is missing/,
      /:16:\d+ {2}alerts\.channels\[0\] {2}Unknown channel 'pager'/,
      /:16:\d+ {2}alerts\.channels\[1\] {2}This must be a text/,
    ]) {
      expect(said).toMatch(expected);
    }
    // What only follows from what could not be read is not told.
    expect(said).not.toMatch(/then\[1\]|unreadable/);
    expect(problems).toHaveLength(19);
  });

  test('an agent that does not fit its schema is still held against tools and models', async () => {
    const agent = 'id: leon\nname: 5\nrole: COO\ninstructions: Report.\nmodel: smal\ntools: [ping, pign, 7]\n';
    const { problems } = await load({ ...settings, 'ping_all.yaml': playbook, 'agents/leo.yaml': agent });
    expect(problems).toEqual([
      "agents/leo.yaml:1:5  id  The id 'leon' must match the file name, 'leo'.",
      expect.stringContaining('agents/leo.yaml:2:7  name'),
      "agents/leo.yaml:5:8  model  Unknown model 'smal'. Did you mean 'small'?",
      "agents/leo.yaml:6:15  tools[1]  Unknown tool 'pign'. Did you mean 'ping'?",
      expect.stringContaining('agents/leo.yaml:6:21  tools[2]'),
    ]);
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
    expect(loaded.problems).toEqual(["pong_all.yaml:1:5  id  The id 'ping_all' must match the file name, 'pong_all'."]);
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

  test('a file in UTF-8 may hold the replacement character, also before what is not UTF-8', async () => {
    const text = playbook.replace('name: Ping', 'name: Ping \uFFFD');
    const broken = Buffer.concat([Buffer.from('\uFEFF# \uFFFD ü\nid: '), Buffer.from([0xff]), Buffer.from('\n')]);
    const loaded = await load({ ...settings, 'ping_all.yaml': text, 'broken.yaml': broken });
    expect(loaded.playbooks.map(({ playbook: { name } }) => name)).toEqual(['Ping \uFFFD']);
    expect(loaded.problems).toEqual(['broken.yaml:2:5  The file is not UTF-8 from here on. Save it as UTF-8.']);
  });

  test('a message that repeats a line end stays one line', async () => {
    const schedule = 'schedule:\n  cron: "0 9 * * *"\n  timeZone: >\n    Mars/Olympus\n';
    const loaded = await load({ ...settings, 'ping_all.yaml': playbook.replace('steps:', `${schedule}steps:`) });
    expect(loaded.problems).toEqual([expect.stringMatching(/schedule\.timeZone {2}.*Mars\/Olympus\\u000a.*\.$/)]);
  });

  test('a warning keeps a playbook from nothing', async () => {
    const schedule = 'schedule: { cron: "0 9 1-7 * 1", timeZone: America/New_York }\n';
    const loaded = await load({ ...settings, 'ping_all.yaml': playbook.replace('steps:', `${schedule}steps:`) });
    expect(loaded.problems).toEqual([]);
    expect(loaded.playbooks).toHaveLength(1);
    expect(loaded.warnings).toMatchObject([{ path: 'schedule.cron', severity: 'warning', line: 3 }]);
  });

  test('two files cannot define the same thing', async () => {
    const loaded = await load({ ...settings, 'ping_all.yaml': playbook, 'ping_all.yml': playbook });
    expect(loaded.problems).toEqual([expect.stringContaining('ping_all.yml:1:1  The same name is also defined')]);
  });

  test('settings that are missing or wrong are named, and roles are then not held against playbooks', async () => {
    const { 'models.yaml': _, ...others } = settings;
    const tell =
      'id: tell\nname: Tell\nsteps:\n  - { id: a, type: notify, channels: [slack], to: [nobody], subject: S, body: B }\n';
    const loaded = await load({ ...others, 'people.yaml': 'roles: {}\nsender: {}\n', 'tell.yaml': tell });
    expect(loaded.models).toBeUndefined();
    expect(loaded.people).toBeUndefined();
    expect(loaded.problems).toEqual([
      'models.yaml:1:1  The file is missing; create it next to the playbooks.',
      "people.yaml:2:9  sender.email  The field 'email' is missing.",
      "people.yaml:2:9  sender.name  The field 'name' is missing.",
    ]);
  });
});
