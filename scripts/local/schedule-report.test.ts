import { describe, expect, test } from 'vitest';
import { aFailedExecution, aSucceededExecution } from '#testing/builders/an-execution.ts';
import type { RunnerAnswer } from './call-runner.ts';
import { recordingTerminal } from '../terminal/recording-terminal.ts';
import { aLocalJob } from './running-scheduler.ts';
import { followedLine, newsLine } from './schedule-report.ts';

const terminal = recordingTerminal();
const job = aLocalJob('ops_test', '0 * * * *');
const SLOT = new Date('2026-11-20T14:00:00Z');
const hours = (count: number): Date[] =>
  Array.from({ length: count }, (_, hour) => new Date(Date.UTC(2026, 10, 20, hour)));

describe('a line about a slot', () => {
  test.each<[RunnerAnswer, string]>([
    [{ httpStatus: 200, status: 'succeeded', executionId: 'a_1' }, '✓ 2026-11-20 14:00:00Z  ops_test  succeeded  a_1'],
    [{ httpStatus: 202, status: 'running', executionId: 'a_1' }, '▸ 2026-11-20 14:00:00Z  ops_test  running  a_1'],
    [
      { httpStatus: 200, status: 'skipped', reason: 'paused', executionId: 'a_1' },
      '– 2026-11-20 14:00:00Z  ops_test  skipped (paused)  a_1',
    ],
    [{ httpStatus: 500, status: 'failed', error: 'No.' }, '✗ 2026-11-20 14:00:00Z  ops_test  failed  No.'],
    [{ httpStatus: 503, status: 'unavailable' }, '✗ 2026-11-20 14:00:00Z  ops_test  unavailable  HTTP 503'],
  ])('shows the answer %j', (answer, line) => {
    expect(newsLine({ kind: 'answered', job, slot: SLOT, answer }, terminal)).toBe(line);
  });

  test.each([
    [1, 'the slot 2026-11-20 00:00:00Z was skipped: this machine was asleep'],
    [7, '7 slots, 2026-11-20 00:00:00Z to 2026-11-20 06:00:00Z, were skipped: this machine was asleep'],
  ])('says that %i slots were skipped', (count, words) => {
    expect(newsLine({ kind: 'passed_over', job, slots: hours(count), reason: 'slept' }, terminal)).toContain(words);
  });
});

describe('a line about an execution that was followed', () => {
  test.each([
    [aSucceededExecution(SLOT), false, '✓ 2026-11-20 14:00:00Z  Nightly test  succeeded after 1.0 s  a_1'],
    [aSucceededExecution(SLOT), true, '✓ 2026-11-20 14:00:00Z  Nightly test  resumed, succeeded after 1.0 s  a_1'],
    [aFailedExecution(SLOT), true, '✗ 2026-11-20 14:00:00Z  Nightly test  resumed, failed after 1.0 s  call: Mailjet'],
  ])('says how it ended', (execution, resumed, line) => {
    expect(followedLine('a_1', { kind: 'ended', execution, resumed }, terminal)).toContain(line);
  });

  test('says why it does not continue', () => {
    const line = followedLine('a_1', { kind: 'stuck', problem: 'No such input.' }, terminal);
    expect(line).toBe('✗ a_1 is still running and could not be resumed: No such input.');
  });
});
