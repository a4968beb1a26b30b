import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PlaybookError } from '#core/failure.ts';
import { runCommand, type Arguments, type ExitCode } from './command-line.ts';
import { recordingTerminal } from './recording-terminal.ts';

const command = {
  name: 'npm run example --',
  summary: 'Shows how arguments are read.',
  positionals: ['ID', '[NOTE]'],
  options: {
    playbooks: { value: 'DIR', help: 'Where they are.' },
    input: { value: 'K=V', multiple: true, help: 'An input.' },
    json: { help: 'As JSON.' },
  },
} as const;

type Given = Arguments<keyof typeof command.options>;

async function call(...argv: string[]): Promise<{ exitCode: ExitCode; given: Given | undefined; text: string }> {
  const terminal = recordingTerminal();
  let seen: Given | undefined;
  const exitCode = await runCommand(command, argv, terminal, async (given) => {
    seen = given;
    return 0;
  });
  return { exitCode, given: seen, text: terminal.text() };
}

describe('arguments', () => {
  test('are read in any order and in both forms', async () => {
    const { exitCode, given } = await call('--playbooks=there', 'ops', '--json', '--input', 'a=1', '--input', 'b=x=y');

    expect(exitCode).toBe(0);
    expect(given?.positionals).toEqual(['ops']);
    expect(given?.text('playbooks')).toBe('there');
    expect(given?.texts('input')).toEqual(['a=1', 'b=x=y']);
    expect(given?.flag('json')).toBe(true);
  });

  test('that are not given are absent', async () => {
    const { given } = await call('ops');

    expect([given?.flag('json'), given?.text('playbooks'), given?.texts('input')]).toEqual([false, undefined, []]);
  });

  test.each([
    ['a misspelt option', ['ops', '--playboks', 'x'], 'Unknown option --playboks. Did you mean --playbooks?'],
    ['an unknown option', ['ops', '--zzzzzzzz'], 'Unknown option --zzzzzzzz.'],
    ['a missing value', ['ops', '--playbooks'], '--playbooks needs a value: --playbooks DIR.'],
    ['an option where a value should be', ['ops', '--playbooks', '--json'], '--playbooks needs a value'],
    ['a value for a switch', ['ops', '--json=yes'], '--json is a switch and takes no value.'],
    ['an option given twice', ['ops', '--playbooks', 'a', '--playbooks', 'b'], '--playbooks can be given only once.'],
    ['a missing argument', ['--json'], 'ID is missing.'],
    ['an argument too many', ['ops', 'note', 'more'], "Unexpected argument 'more'."],
  ])('are refused with the exit code 2: %s', async (_, argv, message) => {
    const { exitCode, given, text } = await call(...argv);

    expect(exitCode).toBe(2);
    expect(given).toBeUndefined();
    expect(text).toContain(message);
    expect(text).toContain('npm run example -- --help');
  });

  test('are explained by --help, whatever else is given', async () => {
    const { exitCode, given, text } = await call('--nonsense', '--help');

    expect(exitCode).toBe(0);
    expect(given).toBeUndefined();
    expect(text).toContain('npm run example -- ID [NOTE] [options]');
    expect(text).toMatch(/--playbooks DIR +Where they are\./);
  });
});

test('a failure that people can act on is printed as its own sentence, with the exit code 1', async () => {
  const terminal = recordingTerminal();

  const exitCode = await runCommand(command, ['ops'], terminal, async () => {
    throw new PlaybookError('unconfigured', 'There is no project.');
  });

  expect(exitCode).toBe(1);
  expect(terminal.errors).toEqual(['✗ There is no project.']);
});

test('a refusal by the operating system is printed in its words, with the exit code 1', async () => {
  const terminal = recordingTerminal();

  const exitCode = await runCommand(command, ['ops'], terminal, async () => {
    await readFile(join(import.meta.dirname, 'command-line.test.ts', 'x'));
    return 0;
  });

  expect(exitCode).toBe(1);
  expect(terminal.errors).toEqual([
    expect.stringMatching(/^✗ ENOTDIR: not a directory, open '.*command-line\.test\.ts\/x'$/),
  ]);
});

test('a bug is thrown on', async () => {
  const crash = runCommand(command, ['ops'], recordingTerminal(), async () => {
    throw new TypeError('x is not a function');
  });

  await expect(crash).rejects.toThrow(TypeError);
});
