import { describe, expect, test } from 'vitest';
import { recordingTerminal } from '../scripts/terminal/recording-terminal.ts';
import { main } from './chaos.ts';

const SEED = process.env['CHAOS_SEED'] ?? String(Date.now() % 1_000_000);

describe('npm run chaos', () => {
  test(`finds no broken promise in a short round on SQLite (CHAOS_SEED=${SEED})`, async () => {
    const terminal = recordingTerminal();

    const exitCode = await main(['--short', '--database', 'sqlite', '--seed', SEED], terminal);

    const broken = terminal.output.filter((line) => /^( {4}\S|✗)/.test(line));
    expect({ exitCode, broken }).toEqual({ exitCode: 0, broken: [] });
    // Without kills, nothing was shown.
    expect(terminal.output.at(-1)).toMatch(/^all +\d+ +[1-9]/);
  }, 300_000);

  test.each([
    [['--only', 'earthquakes'], 'Unknown scenario earthquakes. Use one of boundary-kills, random-kills'],
    [['--database', 'paper'], 'Unknown database paper. Use sqlite, emulator or both.'],
    [['--kills', 'many'], '--seed, --kills and --case need whole numbers.'],
    [['--kills', '1001'], '--kills is at most 1000.'],
  ])('refuses %j and says what would be right', async (argv, message) => {
    const terminal = recordingTerminal();

    expect(await main(argv, terminal)).toBe(2);
    expect(terminal.text()).toContain(message);
  });

  test('explains itself', async () => {
    const terminal = recordingTerminal();

    expect(await main(['--help'], terminal)).toBe(0);
    expect(terminal.text()).toContain('--kills N');
  });
});
