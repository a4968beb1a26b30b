import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readStates, statesFile } from '../../demo/servers/integration-states.ts';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { main } from './demo.ts';
import { recordingTerminal } from '../terminal/recording-terminal.ts';

describe('npm run demo', () => {
  let directory = '';

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'demo-command-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  async function run(...argv: readonly string[]) {
    const terminal = recordingTerminal({ directory });
    return { exitCode: await main(argv, terminal), text: terminal.text() };
  }

  function states() {
    return readStates(statesFile(join(directory, '.data')));
  }

  test('switches an integration before anything was ever started', async () => {
    expect(await run('integration', 'gmail', 'off')).toEqual({ exitCode: 0, text: 'Gmail is off now.' });
    expect(states()).toEqual({ gmail: 'off' });
  });

  test('leaves the other integrations as they were', async () => {
    await run('integration', 'gmail', 'off');
    await run('integration', 'hubspot', 'slow');
    expect(states()).toEqual({ gmail: 'off', hubspot: 'slow' });
  });

  test('lists the integrations with their state', async () => {
    await run('integration', 'gmail', 'off');
    const { text } = await run('integrations');
    expect(text).toMatch(/^gmail +off +Gmail/m);
    expect(text).toMatch(/^hubspot +on +HubSpot/m);
  });

  test('switches everything on again', async () => {
    await run('integration', 'gmail', 'off');
    expect(await run('reset')).toMatchObject({ exitCode: 0 });
    expect(states()).toEqual({});
  });

  test.each([
    [['integration', 'gmial', 'off'], /Did you mean 'gmail'/],
    [['integration', 'gmail', 'down'], /write on, off or slow/],
    [['integration', 'gmail'], /integration gmail off/],
    [['reset', 'gmail'], /'reset' is about all integrations/],
    [['integrations', 'gmail'], /'integrations' is about all integrations/],
    [['history'], /Say how many days/],
    [['history', '91d'], /from 1d to 90d/],
    [['history', '0d'], /from 1d to 90d/],
    [['history', '30'], /history 30d, and not '30'/],
    [['history', '3d', 'on'], /Say how many days/],
    [['integrate'], /There is no action 'integrate'/],
    [[], /ACTION is missing/],
  ])('refuses %j, changes nothing and says what would be right', async (argv, message) => {
    expect(await run(...argv)).toMatchObject({ exitCode: 2, text: expect.stringMatching(message) });
    expect(states()).toEqual({});
  });

  test('gives no made-up past to a database in the cloud', async () => {
    const terminal = recordingTerminal({ directory, env: { PLAYBOOK_DATABASE: 'firestore' } });
    expect(await main(['history', '1d'], terminal)).toBe(1);
    expect(terminal.text()).toMatch(/belongs into no real database.*FIRESTORE_EMULATOR_HOST/);
  });

  test('gives no past to the users of somebody else', async () => {
    const file = join(directory, 'theirs.db');
    const documents = sqliteDocuments({ file });
    await documents.commit([{ kind: 'create', path: 'users/real', data: { name: 'A real customer' } }]);
    const terminal = recordingTerminal({ directory, env: { PLAYBOOK_DATABASE: `sqlite:${file}` } });
    expect(await main(['history', '1d'], terminal)).toBe(1);
    expect(terminal.text()).toMatch(/users that are not those of the demo company/);
    expect((await documents.aggregate({ collection: 'playbook_executions' })).count).toBe(0);
    await documents.close();
  });

  test('a history that is stopped says how to go on', async () => {
    const terminal = recordingTerminal({ directory });
    expect(await main(['history', '1d'], terminal, AbortSignal.abort())).toBe(1);
    expect(terminal.text()).toMatch(/Stopped after 0 executions.*the same command goes on/);
  });
});
