import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import type { WriteStream } from 'node:tty';
import { styleText } from 'node:util';
import { takeEnvironment } from '#functions/asked-environment.ts';
import { columnsOf, shortened, withoutCommands } from './text-layout.ts';

/** The colours in use; none carries a meaning that the text does not have. */
export type Colour = 'green' | 'red' | 'yellow' | 'cyan' | 'gray' | 'bold';

/** What a script can see of the terminal and of the environment it was called in. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative paths start here. */
  readonly directory: string;
  /** Whether a person can answer here and sees a line being rewritten. */
  readonly interactive: boolean;
  /** The current width in columns; undefined if unknown, or if this is not a terminal. */
  columns(): number | undefined;
  /** Prints one or several lines of the answer. */
  out(text: string): void;
  /** Prints a line that is not part of the answer. */
  error(text: string): void;
  /** Replaces what `status` showed last; an empty text removes it. Does nothing unless interactive. */
  status(text: string): void;
  /** The text in a colour, if colours are wanted. */
  paint(colour: Colour, text: string): string;
  /** Asks a question; true for yes. Only if `interactive`. */
  confirm(question: string): Promise<boolean>;
}

/** The person at the terminal, as the audit log names them: their account on this machine. */
export function userOf({ env }: Pick<Terminal, 'env'>): string {
  if ((env['USER'] ?? '') !== '') return env['USER'] ?? '';
  try {
    return userInfo().username;
  } catch {
    // The account is not in this machine's list.
    return 'somebody';
  }
}

/** The terminal of this process. Colours only on a terminal and without NO_COLOR. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  const env = takeEnvironment();
  const interactive = stdin.isTTY && stdout.isTTY;
  const coloured = stdout.isTTY && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  const status = statusLine(stdout);
  endWithReader(stdout);

  const print = (stream: WriteStream, text: string): void => {
    status.clear();
    // Piped output stays unchanged.
    stream.write(`${stream.isTTY ? withoutCommands(text) : text}\n`);
  };
  return {
    env,
    directory: process.cwd(),
    interactive,
    columns: () => (stdout.isTTY ? stdout.columns : undefined),
    out: (text) => print(stdout, text),
    error: (text) => print(stderr, text),
    status: (text) => status.show(interactive ? text : ''),
    paint: (colour, text) => (coloured ? styleText(colour, text, { validateStream: false }) : text),
    confirm,
  };
}

/** A reader that stops reading (`| head`) has seen enough. */
function endWithReader(stdout: WriteStream): void {
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
}

/** The last line of the terminal, which is rewritten; an empty text shows nothing. */
function statusLine(stdout: WriteStream) {
  let shown = false;
  function clear(): void {
    if (shown) stdout.write('\r\u001b[2K');
    shown = false;
  }
  function show(text: string): void {
    clear();
    if (text === '') return;
    // A text on two lines could not be removed as a whole.
    stdout.write(columnsOf(text) < stdout.columns ? text : shortened(text, stdout.columns - 1));
    shown = true;
  }
  return { clear, show };
}

async function confirm(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^\s*y(es)?\s*$/i.test(await lines.question(`${question} [y/N] `));
  } finally {
    lines.close();
  }
}
