import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeClock } from '#testing/builders/fake-clock.ts';
import { oneMoreOfEach } from '#testing/builders/one-more-of-each.ts';
import { projectDefinitions } from '#testing/builders/project-definitions.ts';
import { lintedSteps, smallCatalog } from '#testing/builders/small-catalog.ts';
import { openTestConsole, type TestConsole } from '#console/testing/test-console.ts';
import type { Execution } from '#engine/record/execution.ts';
import { type App, createApp } from '#functions/app.ts';
import { readConfig } from '#functions/config.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import { playbookSchema } from '#language/playbook/playbook-schema.ts';
import { schemaProblems } from '#language/playbook/schema-problems.ts';
import { generatedDocs } from '#language/reference/generated-docs.ts';
import { applySeed } from '#records/playbooks/seed-playbooks.ts';
import { seedSettings } from '#records/settings/seed-settings.ts';
import { outcomeTable } from '../local/start-report.ts';
import { recordingTerminal } from '../terminal/recording-terminal.ts';

const PROCLAMATION = {
  id: 'news',
  type: 'proclaim',
  herald: 'leo',
  guild: 'operator',
  through: ['heralds'],
  audience: ['reports'],
  words: 'hear',
};
const COUNT = { id: 'count', type: 'tool_call', tool: 'countParcels', with: { depot: 'https://depot.example/' } };
const TELLING = {
  id: 'tell',
  type: 'notify',
  channels: ['heralds'],
  to: ['reports'],
  subject: 'Parcels',
  body: 'Seven.',
};
const playbook = Playbook.parse({ id: 'ops_test', name: 'Test', steps: [PROCLAMATION, COUNT, TELLING] });

describe('one more step type, tool and channel in the lists, and nothing else', () => {
  describe('is known to the checks of a playbook', () => {
    const checked = { ...smallCatalog, ...oneMoreOfEach };
    const problemsOf = (step: object) => lintedSteps([step], {}, checked);

    test('which accept valid steps', () => {
      expect(schemaProblems(playbookSchema(oneMoreOfEach.stepTypes), playbook)).toEqual([]);
      expect([PROCLAMATION, COUNT, TELLING].flatMap(problemsOf)).toEqual([]);
    });

    test.each([
      ['an unknown agent', { ...PROCLAMATION, herald: 'loe' }, /^steps\[0\]\.herald: Unknown agent 'loe'\. .*'leo'/],
      ['an unknown role', { ...PROCLAMATION, guild: 'operater' }, /^steps\[0\]\.guild: Unknown role 'operater'/],
      ['an unknown channel', { ...PROCLAMATION, through: ['herald'] }, /^steps\[0\]\.through\[0\]: .*'heralds'/],
      [
        'no recipient',
        { ...PROCLAMATION, through: ['email'], audience: [] },
        /^steps\[0\]\.audience: .* in 'audience'/,
      ],
      ['an unknown recipient', { ...TELLING, to: ['nobody'] }, /^steps\[0\]\.to\[0\]: Unknown role 'nobody'/],
      ['no recipient of the new channel', { ...TELLING, to: [] }, /^steps\[0\]\.to: heralds requires recipients/],
      ['an unknown tool', { ...COUNT, tool: 'countParcel' }, /^steps\[0\]\.tool: Unknown tool .*'countParcels'/],
      ['an input that the tool does not take', { ...COUNT, with: {} }, /^steps\[0\]\.with\.depot: countParcels: /],
      [
        'a secret for an address from data',
        { ...COUNT, with: { depot: '${{ now }}', key: 'secret://KEY' } },
        /^steps\[0\]\.with\.depot: This call sends a secret/,
      ],
    ])('which refuse %s, with its place', (_, step, problem) => {
      expect(problemsOf(step)).toEqual(expect.arrayContaining([expect.stringMatching(problem)]));
    });

    test('which know what later steps may read from it', () => {
      const reads = (field: string) => ({ ...TELLING, body: `\${{ steps.${field} }}` });
      expect(lintedSteps([COUNT, reads('count.output.parcels')], {}, checked)).toEqual([]);
      expect(lintedSteps([COUNT, reads('count.output.parcel')], {}, checked)).toHaveLength(1);
      expect(lintedSteps([PROCLAMATION, reads('news.output.scrol')], {}, checked)).toHaveLength(1);
    });
  });

  test('is in the schema for editors and in the reference', () => {
    const docs = generatedDocs(oneMoreOfEach);

    expect(docs.get('docs/playbook.schema.json')).toContain('"const": "proclaim"');
    expect(docs.get('docs/reference.md')).toContain('### proclaim\n\nProclaims what an agent would.');
    expect(docs.get('docs/reference.md')).toContain('### countParcels\n\nCounts the parcels of a depot.');
    expect(docs.get('docs/reference.md')).toContain(
      '| `heralds` | Sends a herald to each address. | the addresses in `to` |',
    );
  });

  describe('runs in an execution', () => {
    let app: App;
    let console: TestConsole;
    let execution: Execution;

    beforeAll(async () => {
      const env = { CRON_SECRET: 'a-secret-of-thirty-two-characters', PLAYBOOK_DATABASE: 'sqlite::memory:' };
      const clock = fakeClock();
      app = await createApp(readConfig(env), env, { clock, catalog: oneMoreOfEach, write: () => undefined });
      await seedSettings(app.documents, await projectDefinitions(), clock.now());
      await applySeed(app.documents, [{ playbook, version: 'v1', source: '' }], clock.now());
      execution = await app.runManually({ playbookId: 'ops_test', by: 'Ann' });
      console = await openTestConsole({ documents: app.documents, clock, catalog: oneMoreOfEach });
    });
    afterAll(async () => {
      await console.close();
    });

    const html = async (path: string): Promise<string> => (await console.get(path)).text();
    const stepPage = (path: string) => html(`/executions/${execution.id}?step=${path}`);

    test('which succeeds, and names its agent', () => {
      expect(execution).toMatchObject({
        status: 'succeeded',
        agents: ['leo'],
        steps: {
          news: { attempts: [{ output: { scroll: '**HEAR**' } }] },
          count: { attempts: [{ output: { parcels: 7 } }] },
          tell: { attempts: [{ output: { deliveries: [{ channel: 'heralds' }, { channel: 'heralds' }] } }] },
        },
      });
    });

    test('whose page shows what the step was given and what it left, as declared', async () => {
      const page = await stepPage('news');

      expect(page).toMatch(/Herald<\/dt>\s*<dd[^>]*>.*leo/s);
      expect(page).toContain('Words to proclaim');
      expect(page).toContain('<strong>HEAR</strong>');
    });

    test('whose page names the channel of a message', async () => {
      expect(await stepPage('tell')).toMatch(/id="told"[\s\S]*Royal heralds/);
    });

    test('whose end the command line shows as declared', () => {
      expect(outcomeTable([execution], recordingTerminal(), oneMoreOfEach.stepTypes)).toMatch(
        /proclaimed +everybody +Hear!/,
      );
    });

    test('whose messages can be filtered by the channel, under its display name', async () => {
      const list = await html('/notifications?channel=heralds');

      expect(list).toMatch(/<option value="heralds" selected[^>]*>\s*Royal heralds/);
      expect(list).toContain('martez@bakedbot.ai');
      expect(await html('/notifications?channel=slack')).toContain('No messages match these filters.');
    });

    test('whose message is shown as its reader got it, and why it was caught', async () => {
      const id = (await html('/notifications')).match(/href="(\/notifications\/[^"?]+)"/)?.[1] ?? '';
      const page = await html(id);

      expect(page).toContain('Oyez! Seven.');
      expect(page).toContain('no herald was at home.');
      expect(page).toContain('Royal heralds');
    });

    test('whose start says beforehand what effects it has outside', async () => {
      const page = await html('/playbooks/ops_test/run');

      expect(page).toMatch(/A proclamation of ("|&quot;)hear/);
      expect(page).toContain('countParcels: Counts the parcels of a depot.');
      expect(page).toMatch(/A herald rides to reports \(/);
    });
  });
});
