/**
 * `npm test`: runs every suite, including those that need a Firestore emulator if one is found, and ends with the line
 * `N passed, N failed`. Arguments go to vitest. `PLAYBOOK_REQUIRE_EMULATOR=1` makes missing emulator suites a failure,
 * `PLAYBOOK_REQUIRE_BROWSER=1` a Chromium that does not start.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findFirestoreEmulator, startFirestoreEmulator } from '#testing/servers/firestore-emulator.ts';
import { summarise, summaryLine } from '../terminal/test-summary.ts';

interface Emulator {
  /** `host:port`; empty if none was found. */
  readonly address: string;
  stop(): Promise<void>;
}

async function emulator(): Promise<Emulator> {
  const given = process.env['FIRESTORE_EMULATOR_HOST'] ?? '';
  if (given !== '') return { address: given, stop: async () => undefined };
  const finding = await findFirestoreEmulator();
  if (finding.found) {
    const { host, port, stop } = await startFirestoreEmulator();
    return { address: `${host}:${port}`, stop };
  }
  const files = globSync('{functions/src,console,demo}/**/*.emulator.test.ts').toSorted();
  console.log(`Not run, because they need the Firestore emulator: ${files.join(', ')}\n${finding.missing}\n`);
  return { address: '', stop: async () => undefined };
}

async function runVitest(address: string, reportFile: string): Promise<number> {
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const child = spawn(process.execPath, [vitest, 'run', ...reporters, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, FIRESTORE_EMULATOR_HOST: address },
  });
  const [exitCode] = await once(child, 'exit');
  return typeof exitCode === 'number' ? exitCode : 1;
}

function readReport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'playbook-tests-'));
const reportFile = join(folder, 'report.json');
const { address, stop } = await emulator();
const exitCode = await runVitest(address, reportFile);
await stop();
const emulatorRequired = process.env['PLAYBOOK_REQUIRE_EMULATOR'] === '1';
const summary = summarise(readReport(reportFile), { exitCode, emulatorRequired });
rmSync(folder, { recursive: true });
for (const problem of summary.problems) console.log(problem);
console.log(summaryLine(summary));
process.exitCode = summary.failed === 0 ? 0 : 1;
