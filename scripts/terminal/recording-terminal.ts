import { stripVTControlCharacters } from 'node:util';
import type { Terminal } from './terminal.ts';

/** A terminal that remembers what was printed. */
export interface RecordingTerminal extends Terminal {
  /** The lines printed as the answer. */
  readonly output: string[];
  readonly errors: string[];
  readonly questions: string[];
  /** Everything printed, as one text without colours. */
  text(): string;
}

/** The terminal's surroundings in a test. */
interface RecordingTerminalOptions {
  readonly env?: Terminal['env'];
  readonly directory?: string;
  readonly answers?: 'yes' | 'no';
  readonly columns?: number;
}

/** A terminal for tests. `answers` makes it interactive: a person answers yes or no to every question. */
export function recordingTerminal(options: RecordingTerminalOptions = {}): RecordingTerminal {
  const output: string[] = [];
  const errors: string[] = [];
  const questions: string[] = [];
  return {
    output,
    errors,
    questions,
    env: options.env ?? {},
    directory: options.directory ?? process.cwd(),
    columns: () => options.columns,
    interactive: options.answers !== undefined,
    out: (text) => void output.push(...text.split('\n')),
    error: (text) => void errors.push(...text.split('\n')),
    status: () => undefined,
    paint: (_colour, text) => text,
    async confirm(question) {
      questions.push(question);
      return options.answers === 'yes';
    },
    text: () => stripVTControlCharacters([...output, ...errors].join('\n')),
  };
}
