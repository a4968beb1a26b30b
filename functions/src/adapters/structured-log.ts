import { normalise } from '../engine/normalise.ts';
import type { Redact } from '../engine/redact.ts';
import type { Log, LogSeverity } from '../ports/log.ts';

/**
 * One JSON line an entry on standard output or error, in the shape that Cloud Logging reads
 * (https://docs.cloud.google.com/logging/docs/structured-logging). Secrets are redacted; JSON escapes control characters,
 * so that no text can forge an entry.
 */
export function structuredLog(redact: Redact, write: (line: string, severity: LogSeverity) => void = writeLine): Log {
  return (severity, message, fields) => {
    const { cause, ...rest } = fields;
    const entry = { severity, message, ...rest, ...(cause === undefined ? {} : { cause: describe(cause) }) };
    write(`${JSON.stringify(redact.json(normalise(entry).json)).replace(UNSEEN, escaped)}\n`, severity);
  };
}

/** What JSON leaves as it is although terminals and viewers obey it: further controls, line ends, turns of direction. */
const UNSEEN = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function writeLine(line: string, severity: LogSeverity): void {
  (severity === 'ERROR' ? process.stderr : process.stdout).write(line);
}

function describe(cause: unknown): unknown {
  if (!(cause instanceof Error)) return cause;
  return cause.cause === undefined ? cause.stack : { error: cause.stack, cause: describe(cause.cause) };
}
