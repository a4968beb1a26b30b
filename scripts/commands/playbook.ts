import { nearest } from '#core/nearest.ts';
import { usageError, type ExitCode } from '../terminal/command-line.ts';
import { processTerminal, type Terminal } from '../terminal/terminal.ts';
import { aligned } from '../terminal/text-layout.ts';

const NAME = 'npm run playbook --';

type Action = (argv: readonly string[], terminal: Terminal) => Promise<ExitCode>;

/** Each command is loaded when it is called: listing executions needs no language model. */
const COMMANDS: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<Action> }>> = {
  validate: {
    summary: 'Checks all playbooks, agents and settings.',
    load: async () => (await import('./playbook/validate.ts')).validate,
  },
  list: {
    summary: 'Lists the playbooks in the database.',
    load: async () => (await import('./playbook/list.ts')).list,
  },
  run: {
    summary: 'Runs a playbook now and shows its steps as they happen.',
    load: async () => (await import('./playbook/run.ts')).run,
  },
  executions: {
    summary: 'Lists the latest executions.',
    load: async () => (await import('./playbook/executions.ts')).executions,
  },
  show: {
    summary: 'Shows one execution in full.',
    load: async () => (await import('./playbook/show.ts')).show,
  },
  end: {
    summary: 'Ends an execution whose runner is silent.',
    load: async () => (await import('./playbook/end.ts')).end,
  },
  audit: {
    summary: 'Lists what people changed, and checks that the log is complete.',
    load: async () => (await import('./playbook/audit.ts')).audit,
  },
};

/**
 * The command line of the playbook runner: resolves to its exit code (0 done, 1 failed or invalid, 2 called
 * incorrectly).
 */
export async function main(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.out(help());
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    const meant = nearest(name, Object.keys(COMMANDS));
    return usageError(
      NAME,
      `Unknown command ${name}.${meant === undefined ? '' : ` Did you mean ${meant}?`}`,
      terminal,
    );
  }
  const action = await command.load();
  return action(rest, terminal);
}

function help(): string {
  const rows = Object.entries(COMMANDS).map(([name, { summary }]) => [name, summary]);
  return [
    `${NAME} COMMAND [options]`,
    '',
    aligned(rows, '  '),
    '',
    `For more: ${NAME} COMMAND --help. Every command takes --json.`,
    'PLAYBOOK_DATABASE names the database: firestore (the default) or sqlite:FILE.',
    'Exit codes: 0 done, 1 failed or invalid, 2 called incorrectly.',
  ].join('\n');
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2), processTerminal());
