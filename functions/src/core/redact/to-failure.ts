import { cut } from '../cut.ts';
import { failureOf, PlaybookError, type Failure } from '../failure.ts';
import type { Redact } from './redact.ts';

const MAX_MESSAGE_CHARS = 4000;

/**
 * Turns any thrown value into a failure for a record: redacted, at most 4,000 characters of message, no stack. Anything
 * but a `PlaybookError` is a bug in our code or in a tool and becomes `internal`.
 */
export function toFailure(thrown: unknown, redact: Redact): Failure {
  if (!(thrown instanceof PlaybookError)) return internalFailure(thrown, redact);
  const { code, retryAfterMs, details } = thrown;
  return failureOf(code, {
    message: cut(redact.text(thrown.message), MAX_MESSAGE_CHARS),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(details === undefined ? {} : { details: redact.json(details) }),
  });
}

function internalFailure(thrown: unknown, redact: Redact): Failure {
  const message = `Unexpected error: ${redact.text(messageOf(thrown))}`;
  return failureOf('internal', { message: cut(message, MAX_MESSAGE_CHARS) });
}

function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message || thrown.name;
  if (typeof thrown === 'string') return thrown;
  return `something that is not an error was thrown (${thrown === null ? 'null' : typeof thrown})`;
}
