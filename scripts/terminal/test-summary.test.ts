import { expect, test } from 'vitest';
import { summarise, summaryLine } from './test-summary.ts';

const good = { exitCode: 0, emulatorRequired: false };
const file = (name: string, status = 'passed'): object => ({
  name,
  status,
  assertionResults: [{}],
  message: '',
});
const report = (changes: object = {}): object => ({
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [file('/a.test.ts')],
  ...changes,
});

test('a good report ends with what passed and failed, and names skipped ones only if there are any', () => {
  expect(summaryLine(summarise(report(), good))).toBe('3 passed, 0 failed');
  expect(summaryLine(summarise(report({ numPendingTests: 1, numTodoTests: 1 }), good))).toBe(
    '3 passed, 0 failed, 2 skipped',
  );
});

test('a file that did not load is a failure', () => {
  const broken = { ...file('/b.test.ts', 'failed'), assertionResults: [], message: 'SyntaxError: x\nat y' };
  const summary = summarise(report({ testResults: [broken] }), { ...good, exitCode: 1 });
  expect(summary).toMatchObject({ failed: 1, problems: ['/b.test.ts did not load: SyntaxError: x'] });
});

test('no report, no test, and an error outside of any test are failures', () => {
  expect(summarise(undefined, good).failed).toBe(1);
  expect(summarise(report({ numPassedTests: 0, testResults: [] }), good).failed).toBe(1);
  expect(summarise(report(), { ...good, exitCode: 1 }).failed).toBe(1);
});

test('failed tests are not counted twice', () => {
  expect(summarise(report({ numFailedTests: 2 }), { ...good, exitCode: 1 })).toMatchObject({ failed: 2, problems: [] });
});

test('where the emulator is required, its suites must be in the report', () => {
  const required = { exitCode: 0, emulatorRequired: true };
  expect(summarise(report(), required).failed).toBe(1);
  expect(summarise(report({ testResults: [file('/a.emulator.test.ts')] }), required).failed).toBe(0);
});
