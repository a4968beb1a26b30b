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

  test('switches an integration before npm start has ever run', async () => {
    expect(await run('integration', 'gmail', 'off')).toEqual({ exitCode: 0, text: 'Gmail is now off.' });
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
    [['integration', 'gmail', 'down'], /Use on, off or slow/],
    [['integration', 'gmail'], /integration gmail off/],
    [['reset', 'gmail'], /'reset' applies to all integrations/],
    [['integrations', 'gmail'], /'integrations' applies to all integrations/],
    [['history'], /Give a number of days/],
    [['history', '91d'], /from 1d to 90d/],
    [['history', '0d'], /from 1d to 90d/],
    [['history', '30'], /history 30d, not '30'/],
    [['history', '3d', 'on'], /Give a number of days/],
    [['integrate'], /Unknown action 'integrate'/],
    [[], /ACTION is missing/],
  ])('refuses %j, changes nothing and suggests what is right', async (argv, message) => {
    expect(await run(...argv)).toMatchObject({ exitCode: 2, text: expect.stringMatching(message) });
    expect(states()).toEqual({});
  });

  test('gives no made-up past to a database in the cloud', async () => {
    const terminal = recordingTerminal({ directory, env: { PLAYBOOK_DATABASE: 'firestore' } });
    expect(await main(['history', '1d'], terminal)).toBe(1);
    expect(terminal.text()).toMatch(/does not belong in a real database.*FIRESTORE_EMULATOR_HOST/);
  });

  test('gives no past to a database with other users', async () => {
    const file = join(directory, 'theirs.db');
    const documents = sqliteDocuments({ file });
    await documents.commit([{ kind: 'create', path: 'users/real', data: { name: 'A real customer' } }]);
    const terminal = recordingTerminal({ directory, env: { PLAYBOOK_DATABASE: `sqlite:${file}` } });
    expect(await main(['history', '1d'], terminal)).toBe(1);
    expect(terminal.text()).toMatch(/users that do not belong to the demo company/);
    expect((await documents.aggregate({ collection: 'playbook_executions' })).count).toBe(0);
    await documents.close();
  });

  test('a history that is stopped says how to continue', async () => {
    const terminal = recordingTerminal({ directory });
    expect(await main(['history', '1d'], terminal, AbortSignal.abort())).toBe(1);
    expect(terminal.text()).toMatch(/Stopped after 0 executions.*the same command continues/);
  });
});
