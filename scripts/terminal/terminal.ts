import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { styleText } from 'node:util';
import { takeEnvironment } from '#functions/asked-environment.ts';
import { columnsOf, shortened, withoutCommands } from './text-layout.ts';

/** The colours in use; none of them carries a meaning that the text does not. */
export type Colour = 'green' | 'red' | 'yellow' | 'cyan' | 'gray' | 'bold';

/** What a script may see of the terminal and of the environment it was called in. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative paths are meant from here. */
  readonly directory: string;
  /** Whether somebody sits there who can answer, and sees a line being rewritten. */
  readonly interactive: boolean;
  /** How wide it is now; undefined where nobody says, or where it is no terminal. */
  columns(): number | undefined;
  /** Prints a line (or several) of the answer. */
  out(text: string): void;
  /** Prints a line that is not part of the answer. */
  error(text: string): void;
  /** Replaces what `status` showed last; an empty text removes it. Does nothing unless interactive. */
  status(text: string): void;
  /** The text in a colour, where colours are wanted. */
  paint(colour: Colour, text: string): string;
  /** Asks; true for yes. Only where `interactive`. */
  confirm(question: string): Promise<boolean>;
}

/** Who sits at the terminal, as the audit log is to call them: their name on this machine. */
export function userOf({ env }: Pick<Terminal, 'env'>): string {
  if ((env['USER'] ?? '') !== '') return env['USER'] ?? '';
  try {
    return userInfo().username;
  } catch {
    // An account without an entry in the list of this machine.
    return 'somebody';
  }
}

/** The terminal of this process. Colours only on a terminal and without NO_COLOR. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  const env = takeEnvironment();
  const interactive = stdin.isTTY && stdout.isTTY;
  const coloured = stdout.isTTY && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  let statusShown = false;
  // Whoever reads no further (`| head`) has seen enough.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });

  function clearStatus(): void {
    if (statusShown) stdout.write('\r\u001b[2K');
    statusShown = false;
  }

  return {
    env,
    directory: process.cwd(),
    interactive,
    columns: () => (stdout.isTTY ? stdout.columns : undefined),
    out(text) {
      clearStatus();
      // What is piped on stays as it is.
      stdout.write(`${stdout.isTTY ? withoutCommands(text) : text}\n`);
    },
    error(text) {
      clearStatus();
      stderr.write(`${stderr.isTTY ? withoutCommands(text) : text}\n`);
    },
    status(text) {
      clearStatus();
      if (!interactive || text === '') return;
      // What takes two lines would not be removed whole.
      stdout.write(columnsOf(text) < stdout.columns ? text : shortened(text, stdout.columns - 1));
      statusShown = true;
    },
    paint: (colour, text) => (coloured ? styleText(colour, text, { validateStream: false }) : text),
    async confirm(question) {
      const lines = createInterface({ input: stdin, output: stdout });
      try {
        return /^\s*y(es)?\s*$/i.test(await lines.question(`${question} [y/N] `));
      } finally {
        lines.close();
      }
    },
  };
}
