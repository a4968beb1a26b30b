import { z } from 'zod';

/** The part that we read of the report that vitest's `json` reporter writes. */
const Report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({ name: z.string(), status: z.string(), assertionResults: z.array(z.unknown()), message: z.string() }),
  ),
});

/** What `npm test` ends with. */
export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Failures that are no test's: a sentence each. Counted among `failed`. */
  readonly problems: readonly string[];
}

/** How the suites were run. */
export interface Circumstances {
  /** How vitest ended. */
  readonly exitCode: number;
  readonly emulatorRequired: boolean;
}

/**
 * Counts a report of vitest. A file that did not load counts as a failure, and so do: no report or no test at all, a bad
 * exit code without a failed test (an error outside of any test), and missing emulator suites where they are required.
 */
export function summarise(report: unknown, { exitCode, emulatorRequired }: Circumstances): TestSummary {
  const parsed = Report.safeParse(report);
  if (!parsed.success) {
    return { passed: 0, failed: 1, skipped: 0, problems: ['Vitest left no readable report.'] };
  }
  const { numPassedTests: passed, numFailedTests, numPendingTests, numTodoTests, testResults } = parsed.data;
  const problems = testResults
    .filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0)
    .map(({ name, message }) => `${name} did not load: ${message.split('\n', 1)[0] ?? ''}`);
  if (passed + numFailedTests === 0 && problems.length === 0) problems.push('Not a single test was run.');
  if (exitCode !== 0 && numFailedTests + problems.length === 0) {
    problems.push(`Vitest ended with code ${exitCode} although no test failed; see the errors above.`);
  }
  if (emulatorRequired && !testResults.some(({ name }) => name.endsWith('.emulator.test.ts'))) {
    problems.push('The Firestore suites were not run, and PLAYBOOK_REQUIRE_EMULATOR asks for them.');
  }
  return { passed, failed: numFailedTests + problems.length, skipped: numPendingTests + numTodoTests, problems };
}

/** The last line: `N passed, N failed`, and `, N skipped` only if any. */
export function summaryLine({ passed, failed, skipped }: TestSummary): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}
