import { parseArgs } from 'node:util';
import { PlaybookError } from '#core/failure.ts';
import { nearest } from '#core/nearest.ts';
import { DocumentsError } from '#ports/documents/documents.ts';
import type { Terminal } from './terminal.ts';

/** How a command ends: 0 done, 1 failed or found a problem, 2 called incorrectly. */
export type ExitCode = 0 | 1 | 2;

/** One option of a command. `value` names its value (`DIR`); an option without one is a switch. */
export interface Option {
  readonly help: string;
  readonly value?: string;
  /** Can be given several times. */
  readonly multiple?: boolean;
}

/** A command as `--help` shows it, and as its arguments are checked. */
export interface Command<Name extends string> {
  /** What a person types before the arguments: `npm run seed --`. */
  readonly name: string;
  readonly summary: string;
  /** Names of the arguments that are not options; an optional one is in brackets. */
  readonly positionals?: readonly string[];
  readonly options: Readonly<Record<Name, Option>>;
  /** Further paragraphs of the help. */
  readonly notes?: readonly string[];
}

/** The arguments of a valid call. */
export interface Arguments<Name extends string> {
  readonly positionals: readonly string[];
  flag(name: Name): boolean;
  text(name: Name): string | undefined;
  texts(name: Name): readonly string[];
}

/**
 * Runs `action` with the arguments in `argv`. Prints the help for `--help`; for invalid arguments, prints what is wrong
 * and what would be right (2); for a failure that people can act on, prints its sentence (1). Any other error is a bug
 * and is thrown on.
 */
export async function runCommand<Name extends string>(
  command: Command<Name>,
  argv: readonly string[],
  terminal: Terminal,
  action: (given: Arguments<Name>) => Promise<ExitCode>,
): Promise<ExitCode> {
  if (argv.includes('--help') || argv.includes('-h')) {
    terminal.out(helpOf(command));
    return 0;
  }
  const given = argumentsOf(command, argv);
  if (typeof given === 'string') return usageError(command.name, given, terminal);
  try {
    return await action(given);
  } catch (thrown) {
    if (!isForPeople(thrown)) throw thrown;
    terminal.error(`${terminal.paint('red', '✗')} ${thrown.message}`);
    return 1;
  }
}

/** A refusal by the operating system (disk full, no permission) names the call and the path itself. */
function isForPeople(thrown: unknown): thrown is Error {
  if (thrown instanceof PlaybookError || thrown instanceof DocumentsError) return true;
  return thrown instanceof Error && 'syscall' in thrown;
}

/** Prints what is wrong with a call, and where its help is. */
export function usageError(name: string, problem: string, terminal: Terminal): ExitCode {
  terminal.error(`${terminal.paint('red', '✗')} ${problem}`);
  terminal.error(`Help: ${name} --help`);
  return 2;
}

function argumentsOf<Name extends string>(command: Command<Name>, argv: readonly string[]): Arguments<Name> | string {
  const options = new Map<string, Option>(Object.entries<Option>(command.options));
  const given = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokensOf(argv, options)) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const problem = optionProblem(token, options, given);
    if (problem !== undefined) return problem;
    given.set(token.name, [...(given.get(token.name) ?? []), token.value ?? '']);
  }
  return (
    positionalProblem(command.positionals ?? [], positionals) ?? {
      positionals,
      flag: (name) => given.has(name),
      text: (name) => given.get(name)?.at(-1),
      texts: (name) => given.get(name) ?? [],
    }
  );
}

function tokensOf(argv: readonly string[], options: ReadonlyMap<string, Option>) {
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      [...options].map(([name, { value }]) => [name, { type: value ? 'string' : 'boolean' }]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  return tokens;
}

function optionProblem(
  token: { readonly name: string; readonly rawName: string; readonly value: string | undefined },
  options: ReadonlyMap<string, Option>,
  given: ReadonlyMap<string, readonly string[]>,
): string | undefined {
  const option = options.get(token.name);
  if (option === undefined) return `Unknown option ${token.rawName}.${suggestion(token.name, [...options.keys()])}`;
  if (option.value === undefined) {
    return token.value === undefined ? undefined : `${token.rawName} is a switch and takes no value.`;
  }
  if (token.value === undefined || token.value === '' || token.value.startsWith('--')) {
    return `${token.rawName} needs a value: ${token.rawName} ${option.value}.`;
  }
  if (given.has(token.name) && option.multiple !== true) return `${token.rawName} can be given only once.`;
  return undefined;
}

function positionalProblem(names: readonly string[], positionals: readonly string[]): string | undefined {
  const missing = names.slice(positionals.length).find((name) => !name.startsWith('['));
  if (missing !== undefined) return `${missing} is missing.`;
  const surplus = positionals[names.length];
  return surplus === undefined ? undefined : `Unexpected argument '${surplus}'.`;
}

function suggestion(name: string, known: readonly string[]): string {
  const near = nearest(name, [...known, 'help']);
  return near === undefined ? '' : ` Did you mean --${near}?`;
}

function helpOf<Name extends string>(command: Command<Name>): string {
  const options = Object.entries<Option>({ ...command.options, help: { help: 'Shows this help.' } });
  const rows = options.map(
    ([name, { value, help }]) => [`  --${name}${value === undefined ? '' : ` ${value}`}`, help] as const,
  );
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return [
    `${command.name} ${[...(command.positionals ?? []), '[options]'].join(' ')}`,
    '',
    command.summary,
    '',
    'Options:',
    ...rows.map(([left, help]) => left.padEnd(width) + help),
    ...(command.notes ?? []).flatMap((note) => ['', note]),
  ].join('\n');
}
