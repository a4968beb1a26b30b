import { describe, expect, test } from 'vitest';
import { redactor } from '#core/redact/redact.ts';
import { PlaybookError } from '#core/failure.ts';
import type { LogSeverity } from '#ports/log.ts';
import { inTrace } from './request-trace.ts';
import { logOrigin, structuredLog, type LogOrigin } from './structured-log.ts';

const REPORTED = 'type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent';

interface Logged {
  readonly severity?: LogSeverity;
  readonly message?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly origin?: LogOrigin;
}

function logged({ severity = 'ERROR', message = 'It broke', fields = {}, origin }: Logged): string {
  const lines: string[] = [];
  const redact = redactor(() => ['canary-secret']);
  structuredLog(redact, (line) => void lines.push(line), origin)(severity, message, fields);
  return lines.join('');
}

describe('an entry of the log', () => {
  test.each(['a\r\n{"severity":"INFO"}', 'a\u001b[2Jb', 'a\u009b2Jb', 'a\u2028b', 'a\u202eb', 'a\u0000b'])(
    'is one line that commands nothing, whatever %j holds',
    (text) => {
      const line = logged({ severity: 'WARNING', message: text, fields: { text } });

      expect(line).toMatch(/^[^\p{Cc}\u2028-\u202e\u2066-\u2069]+\n$/u);
      expect(JSON.parse(line)).toEqual({ severity: 'WARNING', message: text, text });
    },
  );

  test('holds no secret, neither in an error nor in what caused it', () => {
    const cause = new Error('outside', { cause: new Error('inside canary-secret') });

    const line = logged({
      message: 'It said canary-secret.',
      fields: { cause, headers: { authorization: 'Bearer x' } },
    });

    expect(line).toContain('inside [redacted]');
    expect(line).not.toMatch(/canary-secret|Bearer/);
  });

  test('of an error has its stack, and below it those of its causes, where Error Reporting looks', () => {
    const cause = new PlaybookError('unavailable', 'outside', { cause: new TypeError('inside') });

    const entry = JSON.parse(logged({ fields: { cause } }));

    expect(entry).toEqual({ severity: 'ERROR', message: 'It broke', stack_trace: expect.any(String) });
    expect(entry.stack_trace).toMatch(
      /^PlaybookError: outside\n {4}at .+:\d+:\d+\)?\n[^]+\nCaused by: TypeError: inside\n {4}at .+:\d+:\d+/,
    );
  });

  test.each<[string, unknown, Record<string, unknown>]>([
    ['nothing', undefined, {}],
    ['a text', 'no bread', { cause: 'no bread' }],
    [
      'an error whose stack is gone',
      Object.assign(new Error('gone'), { stack: undefined }),
      { stack_trace: 'Error: gone' },
    ],
  ])('of an error of which %s is known is marked for Error Reporting', (_, cause, expected) => {
    expect(JSON.parse(logged({ fields: { cause } }))).toEqual({
      severity: 'ERROR',
      message: 'It broke',
      ...expected,
      '@type': REPORTED,
    });
  });

  test('that is no error is not reported as one', () => {
    const entry = JSON.parse(logged({ severity: 'WARNING', origin: { service: 'runner' } }));

    expect(entry).toEqual({ severity: 'WARNING', message: 'It broke' });
  });

  test('of an error names the service and its version, by which errors are counted together', () => {
    const origin = logOrigin({ K_SERVICE: 'playbookrunner', K_REVISION: 'playbookrunner-00007-abc' });

    expect(JSON.parse(logged({ origin }))['serviceContext']).toEqual({
      service: 'playbookrunner',
      version: 'playbookrunner-00007-abc',
    });
  });

  test('is labelled with the execution and the playbook that it speaks of', () => {
    const fields = { executionId: 'daily_1', playbookId: 'daily', other: 'x' };

    expect(JSON.parse(logged({ severity: 'INFO', fields }))).toEqual({
      severity: 'INFO',
      message: 'It broke',
      ...fields,
      'logging.googleapis.com/labels': { executionId: 'daily_1', playbookId: 'daily' },
    });
  });

  test('names the trace of the request that is under way, and none where there is none', () => {
    const trace = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: '000000000000004a', isSampled: true };
    const origin = logOrigin({ GCLOUD_PROJECT: 'ours' });
    const log = () => JSON.parse(logged({ severity: 'INFO', origin }));

    expect(inTrace(trace, log)).toMatchObject({
      'logging.googleapis.com/trace': 'projects/ours/traces/0af7651916cd43dd8448eb211c80319c',
      'logging.googleapis.com/spanId': '000000000000004a',
      'logging.googleapis.com/trace_sampled': true,
    });
    expect(log()).toEqual({ severity: 'INFO', message: 'It broke' });
  });

  test('of errors that cause each other has an end', () => {
    const cause = new Error('chicken');
    cause.cause = new Error('egg', { cause });

    expect(logged({ fields: { cause } }).length).toBeLessThan(100_000);
  });
});
