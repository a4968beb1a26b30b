import type { Redact } from '../../engine/redact.ts';
import { normalise } from '../../engine/normalise.ts';

export type LogSeverity = 'INFO' | 'WARNING' | 'ERROR';

export type Log = (severity: LogSeverity, message: string, fields: Readonly<Record<string, unknown>>) => void;

/**
 * One JSON line an entry on standard output or error, in the shape that Cloud Logging reads
 * (https://docs.cloud.google.com/logging/docs/structured-logging). Secrets are redacted; JSON escapes control characters,
 * so that no text can forge an entry.
 */
export function structuredLog(redact: Redact, write: (line: string, severity: LogSeverity) => void = writeLine): Log {
  return (severity, message, fields) => {
    const { cause, ...rest } = fields;
    const entry = { severity, message, ...rest, ...(cause === undefined ? {} : { cause: describe(cause) }) };
    write(`${JSON.stringify(redact.json(normalise(entry).json))}\n`, severity);
  };
}

function writeLine(line: string, severity: LogSeverity): void {
  (severity === 'ERROR' ? process.stderr : process.stdout).write(line);
}

function describe(cause: unknown): unknown {
  if (!(cause instanceof Error)) return cause;
  return cause.cause === undefined ? cause.stack : { error: cause.stack, cause: describe(cause.cause) };
}
