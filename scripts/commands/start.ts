import { join, resolve } from 'node:path';
import { runCommand, usageError, type Arguments, type ExitCode } from '../terminal/command-line.ts';
import { claimDataDirectory } from '../local/data-directory.ts';
import { daysOf, demoHistory, hasHistory } from '../local/demo-history.ts';
import { runSession } from '../local/local-session.ts';
import { channelSecretsIn } from '../local/local-environment.ts';
import { openLocalStack, type LocalStack, type LocalStackOptions } from '../local/local-stack.ts';
import { stopSignal } from '../processes/stop-signal.ts';
import { processTerminal, type Terminal } from '../terminal/terminal.ts';

const command = {
  name: 'npm start --',
  summary:
    'Starts everything on this machine: a demo company, the database, the functions with their schedules, and the console.\n' +
    'Runs every playbook once, then keeps the schedules until Ctrl-C.',
  options: {
    once: { help: 'Ends after every playbook has run once: with 0 if all succeeded, else with 1.' },
    data: { value: 'DIR', help: 'Where everything is stored (default: .data).' },
    history: {
      value: 'DAYS',
      help: 'First gives the demo company a past (for example 30d), like npm run demo -- history.',
    },
    port: { value: 'N', help: 'The port of the functions (default: 4500, or any free one).' },
    database: { value: 'NAME', help: 'sqlite (the default: a file in the data directory) or firestore.' },
    deliver: { help: 'Sends mails and Slack messages if credentials are set. Otherwise, they are caught here.' },
    verbose: { help: 'Prints the log of the functions.' },
  },
  notes: [
    'PLAYBOOK_DATABASE also chooses the database. firestore needs FIRESTORE_EMULATOR_HOST or credentials.',
    'With ANTHROPIC_API_KEY, Claude writes the reports; without it, they are figures without commentary.',
  ],
} as const;

type Option = keyof typeof command.options;

/** The command: resolves to its exit code; without `--once`, only after `stop` aborts. */
export function main(argv: readonly string[], terminal: Terminal, stop: AbortSignal): Promise<ExitCode> {
  return runCommand<Option>(command, argv, terminal, async (given) => {
    const problem = problemOf(given);
    if (problem !== undefined) return usageError(command.name, problem, terminal);
    const dataDirectory = resolve(terminal.directory, given.text('data') ?? '.data');
    const own = { ...terminal, env: withDatabase(terminal.env, given, dataDirectory) };

    const lock = await claimDataDirectory(dataDirectory);
    try {
      return await start(given, dataDirectory, own, stop);
    } finally {
      lock.release();
    }
  });
}

/** If a history is requested, gives the company its past first. */
async function start(
  given: Arguments<Option>,
  dataDirectory: string,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<ExitCode> {
  const days = daysOf(given.text('history') ?? '');
  if (days !== undefined && (await demoHistory({ days, dataDirectory, json: false, stop }, terminal)) !== 0) return 1;
  terminal.status('Starting…');
  const options = stackOptions(given, dataDirectory, terminal);
  return inStack(options, terminal, async (stack) => {
    if (!options.deliver) warnOfCredentials(terminal);
    const offersHistory = days === undefined && !(await hasHistory(stack.documents));
    const session = { once: given.flag('once'), verbose: given.flag('verbose'), dataDirectory, offersHistory };
    return runSession(stack, session, terminal, stop);
  });
}

function stackOptions(given: Arguments<Option>, dataDirectory: string, terminal: Terminal): LocalStackOptions {
  const port = given.text('port');
  const showLine = (line: string): void => terminal.error(terminal.paint('gray', line));
  return {
    dataDirectory,
    port: port === undefined ? undefined : Number(port),
    deliver: given.flag('deliver'),
    console: !given.flag('once'),
    ...(given.flag('verbose') ? { onFunctionsLine: showLine } : {}),
  };
}

async function inStack(
  options: LocalStackOptions,
  terminal: Terminal,
  action: (stack: LocalStack) => Promise<ExitCode>,
): Promise<ExitCode> {
  const stack = await openLocalStack(options, terminal);
  if (stack === undefined) return 1;
  try {
    return await action(stack);
  } finally {
    await stack.close();
  }
}

function problemOf(given: Arguments<Option>): string | undefined {
  const port = given.text('port');
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)) {
    return `--port must be a whole number from 1 to 65535, not '${port}'.`;
  }
  const history = given.text('history');
  if (history !== undefined && daysOf(history) === undefined) {
    return `--history must be a number of days from 1d to 90d, not '${history}'.`;
  }
  const database = given.text('database');
  if (database !== undefined && database !== 'sqlite' && database !== 'firestore') {
    return `--database must be sqlite or firestore, not '${database}'.`;
  }
  return undefined;
}

/** The option wins over the environment; without either, it is the file in the data directory. */
function withDatabase(env: Terminal['env'], given: Arguments<Option>, dataDirectory: string): Terminal['env'] {
  const file = `sqlite:${join(dataDirectory, 'playbooks.db')}`;
  const asked = given.text('database');
  if (asked !== undefined) return { ...env, PLAYBOOK_DATABASE: asked === 'sqlite' ? file : asked };
  // A terminal that has sourced another directory's env.sh still names that directory's file.
  const isFile = (env['PLAYBOOK_DATABASE'] ?? '').startsWith('sqlite:');
  if (given.text('data') !== undefined && isFile) return { ...env, PLAYBOOK_DATABASE: file };
  return { ...env, PLAYBOOK_DATABASE: env['PLAYBOOK_DATABASE'] || file };
}

/** Someone with credentials set may expect mails; someone trying the demo does not expect to write to real people. */
function warnOfCredentials(terminal: Terminal): void {
  const [name] = channelSecretsIn(terminal.env);
  if (name === undefined) return;
  const sign = terminal.paint('yellow', '!');
  terminal.out(`${sign} ${name} is set but not used: messages are caught here. Pass --deliver to send them.`);
}

if (import.meta.main) {
  // The emulator needs no credentials, and looking for a metadata server that does not exist takes seconds.
  if (process.env['FIRESTORE_EMULATOR_HOST']) process.env['METADATA_SERVER_DETECTION'] ??= 'none';
  process.exitCode = await main(process.argv.slice(2), processTerminal(), stopSignal());
}
