import { z } from 'zod';

/** The part we read of the report that vitest's `json` reporter writes. */
const Report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({ name: z.string(), status: z.string(), assertionResults: z.array(z.unknown()), message: z.string() }),
  ),
});

/** The end of `npm test`. */
export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Failures that belong to no test, a sentence each. Counted in `failed`. */
  readonly problems: readonly string[];
}

/** How the suites were run. */
export interface Circumstances {
  /** How vitest ended. */
  readonly exitCode: number;
  readonly emulatorRequired: boolean;
}

/**
 * Counts a vitest report. These count as failures: a file that did not load, no report or no tests, a bad exit code
 * without a failed test (an error outside any test), and missing emulator suites if they are required.
 */
export function summarise(report: unknown, { exitCode, emulatorRequired }: Circumstances): TestSummary {
  const parsed = Report.safeParse(report);
  if (!parsed.success) {
    return { passed: 0, failed: 1, skipped: 0, problems: ['Vitest wrote no readable report.'] };
  }
  const { numPassedTests: passed, numFailedTests, numPendingTests, numTodoTests, testResults } = parsed.data;
  const problems = testResults
    .filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0)
    .map(({ name, message }) => `${name} did not load: ${message.split('\n', 1)[0] ?? ''}`);
  if (passed + numFailedTests === 0 && problems.length === 0) problems.push('No tests were run.');
  if (exitCode !== 0 && numFailedTests + problems.length === 0) {
    problems.push(`Vitest ended with code ${exitCode} although no test failed; see the errors above.`);
  }
  if (emulatorRequired && !testResults.some(({ name }) => name.endsWith('.emulator.test.ts'))) {
    problems.push('The Firestore suites were not run, but PLAYBOOK_REQUIRE_EMULATOR requires them.');
  }
  return { passed, failed: numFailedTests + problems.length, skipped: numPendingTests + numTodoTests, problems };
}

/** The last line: `N passed, N failed`, and `, N skipped` only if any. */
export function summaryLine({ passed, failed, skipped }: TestSummary): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}
