import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { smallStepTypes } from '#testing/builders/small-step-types.ts';
import { loadDefinitions } from './load-directory.ts';

const agent = 'id: linus\nname: Linus\nrole: CTO\ninstructions: Find out why.\nmodel: small\ntools: [ping]\n';
const people = (allowed: string) =>
  `roles: { operator: [ann@example.com] }\nsender: { email: ops@example.com, name: Ops }\n${allowed}`;
const files = {
  'agents/linus.yaml': agent,
  'people.yaml': people(''),
  'platform.yaml': readFileSync(join(import.meta.dirname, '../../../../playbooks/platform.yaml'), 'utf8'),
  'integrations.yaml': 'integrations: []\n',
  'models.yaml':
    'asOf: 2026-11-01\nauthor: small\nmodels: { small: { input: 1, output: 2, cacheRead: 0.1, cacheWrite: 1.25 } }\n',
};
const playbook = (id: string, step: string, more = '') => `id: ${id}\nname: P\n${more}steps:\n  - { id: a, ${step} }\n`;
const ping = 'type: tool_call, tool: ping';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'definitions-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function load(added: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries({ ...files, ...added })) {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  return loaded();
}

async function loaded(playbooksDir = directory) {
  const definitions = await loadDefinitions({
    playbooksDir,
    settingsDir: directory,
    stepTypes: smallStepTypes,
    tools: [{ name: 'ping', input: z.strictObject({}) }],
    channels: [
      { name: 'slack', addressed: false },
      { name: 'email', addressed: true },
    ],
  });
  return {
    playbooks: definitions.playbooks.map(({ playbook: { id } }) => id),
    agents: definitions.agents.map(({ id }) => id),
    problems: definitions.problems.map(({ file, path, message }) =>
      `${file.replace(`${directory}/`, '')} ${path}: ${message}`.replaceAll(`${directory}/`, ''),
    ),
  };
}

describe('the same name with both endings', () => {
  test.each([
    ['of a playbook', 'one', playbook('one', ping)],
    ['of an agent', 'agents/linus', agent],
  ])('%s is a problem', async (_, name, text) => {
    const { problems } = await load({ [`${name}.yaml`]: text, [`${name}.yml`]: text });

    expect(problems).toEqual([`${name}.yml : The same name is also defined in ${name}.yaml; remove one of the two.`]);
  });

  test('of a playbook and an agent is none', async () => {
    const { problems } = await load({ 'linus.yml': playbook('linus', ping), 'agents/linus.yaml': agent });

    expect(problems).toEqual([]);
  });
});

describe('a playbook is not handed out', () => {
  test.each([
    ['where YAML cannot read it', 'one: [\n'],
    ['where it does not fit its schema', playbook('one', ping, 'enabled: 5\n')],
    ['where a step does not fit its type', playbook('one', 'type: notify, channels: [slack]')],
    ['where its id is not the name of its file', playbook('two', ping)],
    ['where it names an unknown tool', playbook('one', 'type: tool_call, tool: pong')],
    ['where it names an unknown agent', playbook('one', 'type: delegate, agent: leo, task: T')],
    ['where an expression reads what is not there', playbook('one', `${ping}, if: steps.b.output`)],
    ['where its schedule is never due', playbook('one', ping, 'schedule: { cron: "0 0 30 2 *", timeZone: UTC }\n')],
    ['where its deadline is too long', playbook('one', ping, 'deadline: 29m\n')],
    ['where its alerts reach nobody', playbook('one', ping, 'alerts: { channels: [email] }\n')],
  ])('%s, and the others are', async (_, text) => {
    const { problems, playbooks } = await load({ 'one.yaml': text, 'sound.yaml': playbook('sound', ping) });

    expect(problems).not.toEqual([]);
    expect(problems.every((problem) => problem.startsWith('one.yaml '))).toBe(true);
    expect(playbooks).toEqual(['sound']);
  });
});

describe('an agent that has a problem', () => {
  test.each([
    ['in its YAML', 'id: [\n'],
    ['in its schema', `${agent}budget: 5\n`],
    ['in its tools', agent.replace('[ping]', '[pong]')],
    ['in its model', agent.replace('small', 'large')],
    ['in its id', agent.replace('id: linus', 'id: leo')],
  ])('%s is told of once, and not again by the playbooks that name it', async (_, text) => {
    const asks = playbook('asks', 'type: delegate, agent: linus, task: T');
    const { problems, playbooks, agents } = await load({ 'agents/linus.yaml': text, 'asks.yaml': asks });

    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^agents\/linus\.yaml /);
    expect(playbooks).toEqual(['asks']);
    expect(agents).toEqual([]);
  });
});

describe('the recipients of playbooks', () => {
  const telling = (to: string) =>
    playbook('tells', `type: notify, channels: [slack], to: [${to}], subject: S, body: B`);

  test.each([
    ['no list', '', 'eve@rival.example', true],
    ['an empty list', 'allowedRecipients: []\n', 'eve@rival.example', true],
    ['a list with the address', 'allowedRecipients: [eve@rival.example]\n', 'eve@rival.example', true],
    ['a list with its domain', 'allowedRecipients: ["@rival.example"]\n', 'eve@rival.example', true],
    ['a list with another domain', 'allowedRecipients: ["@example.com"]\n', 'eve@rival.example', false],
    ['a list with another address', 'allowedRecipients: [ann@rival.example]\n', 'eve@rival.example', false],
    ['a role', 'allowedRecipients: ["@example.com"]\n', 'operator', true],
    ['an unknown role', '', 'reports', false],
  ])('are held against people.yaml: %s', async (_, allowed, to, isAllowed) => {
    const { problems, playbooks } = await load({ 'people.yaml': people(allowed), 'tells.yaml': telling(to) });

    expect(problems.map((problem) => problem.split(':')[0])).toEqual(isAllowed ? [] : ['tells.yaml steps[0].to[0]']);
    expect(playbooks).toEqual(isAllowed ? ['tells'] : []);
  });
});

describe('what cannot be read', () => {
  const settings = ['people', 'platform', 'integrations', 'models'].map((name) => `${name}.yaml`);

  test.each(settings)('is not taken for missing: %s', async (name) => {
    await load({});
    await rm(join(directory, name));
    await mkdir(join(directory, name));
    // Playbooks are read from another directory: reading them would meet the same.
    await mkdir(join(directory, 'playbooks'));

    await expect(loaded(join(directory, 'playbooks'))).rejects.toMatchObject({
      code: 'unconfigured',
      message: expect.stringMatching(new RegExp(`${name} cannot be read: EISDIR`)),
    });
  });

  test.each(settings)('is named where it is missing: %s', async (name) => {
    await load({});
    await rm(join(directory, name));

    expect((await loaded()).problems).toEqual([`${name} : The file is missing; create it next to the playbooks.`]);
  });

  test('is not taken for missing: the directory of the agents', async () => {
    await load({});
    await rm(join(directory, 'agents'), { recursive: true });
    expect((await loaded()).problems).toEqual([]);

    await writeFile(join(directory, 'agents'), 'no directory');
    await expect(loaded()).rejects.toThrow('ENOTDIR');
  });
});
