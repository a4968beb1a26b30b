import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { Agent } from '#language/settings/agent.ts';
import { Integrations } from '#language/settings/integrations.ts';
import { Models } from '#language/settings/models.ts';
import { People } from '#language/settings/people.ts';
import type { Documents } from '#ports/documents/documents.ts';
import type { Settings } from '#ports/settings.ts';
import { fakeClock, type FakeClock } from '#testing/builders/fake-clock.ts';
import { seedSettings, settingsPlan, type SettingSources } from './seed-settings.ts';
import { documentSettings } from './settings.ts';

let documents: Documents;
let clock: FakeClock;

beforeEach(() => {
  documents = sqliteDocuments({ file: ':memory:' });
  clock = fakeClock();
});

afterEach(async () => {
  await documents.close();
});

const leo = Agent.parse({ id: 'leo', name: 'Leo', role: 'COO', instructions: 'Be brief.', model: 'some-model' });
const linus = Agent.parse({ id: 'linus', name: 'Linus', role: 'CTO', instructions: 'Read logs.', model: 'some-model' });

const people = People.parse({
  roles: { operator: ['martez@example.com'] },
  sender: { email: 'ops@example.com', name: 'Ops' },
});

function sources(changes: Partial<SettingSources> = {}): SettingSources {
  return {
    people,
    integrations: Integrations.parse({ integrations: [] }),
    models: Models.parse({ asOf: '2026-11-01', author: 'some-model', models: {} }),
    agents: [leo, linus],
    ...changes,
  };
}

describe('the settings', () => {
  test('are read back as seeded', async () => {
    await seedSettings(documents, sources(), clock.now());
    const settings = documentSettings(documents, clock);

    expect(await settings.people()).toEqual(people);
    expect(await settings.agent('leo')).toEqual(leo);
    expect(await settings.models()).toMatchObject({ author: 'some-model' });
  });

  test('that were never seeded cause an error that says what to do', async () => {
    const settings = documentSettings(documents, clock);

    await expect(settings.integrations()).rejects.toMatchObject({
      code: 'unconfigured',
      message: expect.stringContaining('playbooks/integrations.yaml and run npm run seed'),
    });
    await expect(settings.agent('nobody')).rejects.toMatchObject({ code: 'unknown_agent' });
  });

  test('that this code cannot read cause an error that says what to do', async () => {
    await documents.commit([
      { kind: 'set', path: 'playbook_settings/people', data: { content: { roles: 'everybody' } } },
    ]);

    await expect(documentSettings(documents, clock).people()).rejects.toMatchObject({ code: 'unconfigured' });
  });

  test('are read again after a minute, and not before', async () => {
    await seedSettings(documents, sources(), clock.now());
    const settings = documentSettings(documents, clock);
    await settings.people();
    await seedSettings(documents, sources({ people: { ...people, allowedRecipients: ['@example.com'] } }), clock.now());

    clock.advance(59_000);
    const early = await settings.people();
    clock.advance(1_000);
    const late = await settings.people();

    expect(early.allowedRecipients).toEqual([]);
    expect(late.allowedRecipients).toEqual(['@example.com']);
  });

  test('that could not be read are read again on the next request', async () => {
    const settings = documentSettings(documents, clock);
    await expect(settings.people()).rejects.toThrow();
    await seedSettings(documents, sources(), clock.now());

    expect(await settings.people()).toEqual(people);
  });
});

describe('settings that cannot be read', () => {
  test.each([
    ['people', (settings: Settings) => settings.people()],
    ['an agent', (settings: Settings) => settings.agent('leo')],
  ])('are worth another attempt where the database is out of reach: %s', async (_, read) => {
    await documents.close();

    await expect(read(documentSettings(documents, clock))).rejects.toMatchObject({
      name: 'PlaybookError',
      code: 'unavailable',
    });
  });
});

describe('seeding the settings', () => {
  test('says what is new, changed and unchanged', async () => {
    await seedSettings(documents, sources({ agents: [leo] }), clock.now());

    const changed = { ...leo, role: 'Chief of everything' };
    const { settings } = await settingsPlan(documents, sources({ agents: [changed, linus] }));

    expect(settings).toEqual([
      { name: 'people', change: 'unchanged' },
      { name: 'integrations', change: 'unchanged' },
      { name: 'models', change: 'unchanged' },
      { name: 'agents/leo', change: 'changed' },
      { name: 'agents/linus', change: 'new' },
    ]);
  });

  test('reports an agent without a file, and keeps it', async () => {
    await seedSettings(documents, sources(), clock.now());

    const { absent } = await seedSettings(documents, sources({ agents: [leo] }), clock.now());

    expect(absent).toEqual(['agents/linus']);
    expect(await documentSettings(documents, clock).agent('linus')).toEqual(linus);
  });
});
