import { describe, expect, test } from 'vitest';
import { redactor } from '../engine/redact.ts';
import { structuredLog } from './structured-log.ts';

function logged(message: string, fields: Readonly<Record<string, unknown>> = {}): string {
  const lines: string[] = [];
  structuredLog(
    redactor(() => ['canary-secret']),
    (line) => void lines.push(line),
  )('ERROR', message, fields);
  return lines.join('');
}

describe('an entry of the log', () => {
  test.each(['a\r\n{"severity":"INFO"}', 'a\u001b[2Jb', 'a\u009b2Jb', 'a\u2028b', 'a\u202eb', 'a\u0000b'])(
    'is one line that commands nothing, whatever %j holds',
    (text) => {
      const line = logged(text, { text });

      expect(line).toMatch(/^[^\p{Cc}\u2028-\u202e\u2066-\u2069]+\n$/u);
      expect(JSON.parse(line)).toEqual({ severity: 'ERROR', message: text, text });
    },
  );

  test('holds no secret, neither in an error nor in what caused it', () => {
    const cause = new Error('outside', { cause: new Error('inside canary-secret') });

    const line = logged('It said canary-secret.', { cause, headers: { authorization: 'Bearer x' } });

    expect(line).toContain('inside [redacted]');
    expect(line).not.toMatch(/canary-secret|Bearer/);
  });
});
