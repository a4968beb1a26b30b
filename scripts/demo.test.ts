import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readStates, statesFile } from '../demo/integration-states.ts';
import { main } from './demo.ts';
import { recordingTerminal } from './recording-terminal.ts';

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
    [['integrate'], /There is no action 'integrate'/],
    [[], /ACTION is missing/],
  ])('refuses %j, changes nothing and says what would be right', async (argv, message) => {
    expect(await run(...argv)).toMatchObject({ exitCode: 2, text: expect.stringMatching(message) });
    expect(states()).toEqual({});
  });
});
