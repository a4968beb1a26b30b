import { cut } from '#core/cut.ts';
import { normalise } from '#core/normalise.ts';
import type { Redact } from '#core/redact/redact.ts';
import type { Log, LogSeverity } from '#ports/log.ts';
import { currentTrace } from './request-trace.ts';

/** The logging process; unknown fields are omitted from its entries. */
export interface LogOrigin {
  /** The project of the traces. */
  readonly projectId?: string | undefined;
  /** The name under which Error Reporting groups the errors of this service. */
  readonly service?: string | undefined;
  readonly version?: string | undefined;
}

/** Makes Error Reporting accept an entry without a stack. */
const REPORTED_ERROR = 'type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent';
/** Cloud Logging drops entries of more than 256 KB entirely. */
const MAX_STACK_CHARS = 30_000;
const MAX_CAUSES = 10;
/** Fields by which entries can be found in Cloud Logging without knowing their structure. */
const LABELS = ['executionId', 'playbookId'] as const;

/**
 * One JSON line per entry on standard output or error, in the format that Cloud Logging
 * (https://docs.cloud.google.com/logging/docs/structured-logging) and Error Reporting
 * (https://docs.cloud.google.com/error-reporting/docs/formatting-error-messages) read. An error in `cause` becomes
 * `stack_trace`, with its causes. Entries made during a request contain its trace. Secrets are redacted; JSON escapes
 * control characters, so that no text can forge an entry.
 */
export function structuredLog(
  redact: Redact,
  write: (line: string, severity: LogSeverity) => void = writeLine,
  origin: LogOrigin = {},
): Log {
  return (severity, message, fields) => {
    const { cause, ...rest } = fields;
    const entry = {
      severity,
      message,
      ...rest,
      ...(cause instanceof Error ? { stack_trace: cut(stackOf(cause), MAX_STACK_CHARS) } : { cause }),
      ...(severity === 'ERROR' && !hasStack(cause) ? { '@type': REPORTED_ERROR } : {}),
      ...(severity === 'ERROR' && origin.service !== undefined ? { serviceContext: serviceOf(origin) } : {}),
      ...labelsOf(rest),
      ...traceFields(origin.projectId),
    };
    write(`${JSON.stringify(redact.json(normalise(entry).json)).replace(UNSEEN, escaped)}\n`, severity);
  };
}

/** The origin from the environment variables that Cloud Run sets. */
export function logOrigin(env: Readonly<Record<string, string | undefined>>): LogOrigin {
  return {
    projectId: env['GOOGLE_CLOUD_PROJECT'] ?? env['GCLOUD_PROJECT'],
    service: env['K_SERVICE'],
    version: env['K_REVISION'],
  };
}

/**
 * Characters that JSON leaves unescaped although terminals and viewers act on them: further controls, line separators,
 * changes of direction.
 */
const UNSEEN = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function writeLine(line: string, severity: LogSeverity): void {
  (severity === 'ERROR' ? process.stderr : process.stdout).write(line);
}

/** The stack as V8 writes it, which Error Reporting understands, followed by those of its causes. */
function stackOf(error: Error): string {
  const stacks: string[] = [];
  let next: unknown = error;
  for (let depth = 0; next !== undefined && depth < MAX_CAUSES; depth += 1) {
    stacks.push(next instanceof Error ? ownStack(next) : JSON.stringify(normalise(next).json));
    next = next instanceof Error ? next.cause : undefined;
  }
  return stacks.join('\nCaused by: ');
}

/** The stack is created before our own errors get their names. */
function ownStack({ name, message, stack }: Error): string {
  return (stack ?? `${name}: ${message}`).replace(/^Error(?=[:\n])/, () => name);
}

function hasStack(cause: unknown): boolean {
  return cause instanceof Error && /\n\s+at /.test(cause.stack ?? '');
}

function serviceOf({ service, version }: LogOrigin): Record<string, unknown> {
  return { service, version };
}

function labelsOf(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const labels = LABELS.flatMap((name) => (typeof fields[name] === 'string' ? [[name, fields[name]]] : []));
  return labels.length === 0 ? {} : { 'logging.googleapis.com/labels': Object.fromEntries(labels) };
}

function traceFields(projectId: string | undefined): Record<string, unknown> {
  const trace = currentTrace();
  if (trace === undefined || projectId === undefined) return {};
  return {
    'logging.googleapis.com/trace': `projects/${projectId}/traces/${trace.traceId}`,
    'logging.googleapis.com/spanId': trace.spanId,
    'logging.googleapis.com/trace_sampled': trace.isSampled,
  };
}
