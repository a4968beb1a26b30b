/**
 * `npm run bench`: measures how fast executions are, compared with the bare client of the same database in the same
 * minute; how fast the built function starts and the built console answers; and how much memory the most expensive
 * outputs take. Prints JSON lines and a table, and names missed targets.
 */
import { durationInWords } from '#core/duration.ts';
import { findFirestoreEmulator, startFirestoreEmulator } from '#testing/servers/firestore-emulator.ts';
import { ensureBuilt } from '../scripts/building/ensure-built.ts';
import { runCommand, type ExitCode } from '../scripts/terminal/command-line.ts';
import { processTerminal, type Terminal } from '../scripts/terminal/terminal.ts';
import { benchAgedPlaybook } from './aged-playbook.ts';
import { benchColdStart } from './cold-start.ts';
import { benchConsole } from './console-pages.ts';
import type { BenchDatabase } from './database.ts';
import { openEmulator } from './emulator-database.ts';
import { benchThousandSteps } from './long-execution.ts';
import { benchMemory } from './memory.ts';
import { resultsTable } from './results-table.ts';
import { benchResumption } from './resumption.ts';
import { openSqlite } from './sqlite-database.ts';
import { missedTargets, type Result } from './targets.ts';
import { benchTenSteps } from './throughput.ts';

const PARTS = ['sqlite', 'emulator', 'cold-start', 'console', 'memory'] as const;
const NEEDS_NO_EMULATOR: readonly (typeof PARTS)[number][] = ['sqlite', 'console', 'memory'];

const command = {
  name: 'npm run bench --',
  summary:
    'Measures executions and the cold start, compared with the floor of the same database, the pages of the console, and memory. Missed targets are warnings.',
  options: {
    quick: { help: 'Fewer rounds and a shorter warm-up: for a first impression, not for a comparison.' },
    only: { value: 'PART', help: `One part: ${PARTS.join(', ')}.` },
    json: { help: 'Prints only the JSON lines.' },
  },
  notes: [
    'Cold start and console are measured as built, which is done first where needed. Without a Firestore emulator, its parts are left out.',
  ],
} as const;

/** How much is measured. */
interface Extent {
  readonly rounds: number;
  readonly executions: number;
  readonly warmUpWrites: number;
  readonly coldStarts: number;
  /** In the console's database. */
  readonly stored: number;
  /** Concurrent executions with dense outputs. */
  readonly dense: number;
}

const FULL: Extent = { rounds: 5, executions: 200, warmUpWrites: 20_000, coldStarts: 15, stored: 10_000, dense: 20 };
const QUICK: Extent = { rounds: 2, executions: 100, warmUpWrites: 2_000, coldStarts: 4, stored: 1_000, dense: 3 };

/** The command: resolves to its exit code. */
export function main(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return runCommand(command, argv, terminal, async (given) => {
    const only = given.text('only');
    if (only !== undefined && !PARTS.some((part) => part === only)) {
      terminal.error(`Unknown part ${only}. Use one of ${PARTS.join(', ')}.`);
      return 2;
    }
    const extent = given.flag('quick') ? QUICK : FULL;
    const results: Result[] = [];
    for await (const measured of measure(only, extent, terminal)) {
      for (const result of measured) terminal.out(JSON.stringify(result));
      results.push(...measured);
    }
    if (!given.flag('json')) terminal.out(`\n${resultsTable(results)}`);
    for (const missed of results.flatMap(missedTargets)) terminal.error(`${terminal.paint('yellow', '!')} ${missed}`);
    return 0;
  });
}

/** The requested parts, one after the other. */
async function* measure(
  only: string | undefined,
  extent: Extent,
  terminal: Terminal,
): AsyncGenerator<readonly Result[]> {
  const isWanted = (part: (typeof PARTS)[number]): boolean => only === undefined || only === part;
  if (isWanted('cold-start') || isWanted('console')) await ensureBuilt();
  const stopEmulator = NEEDS_NO_EMULATOR.some((part) => part === only) ? undefined : await startEmulator(terminal);
  if (isWanted('sqlite')) yield benchDatabase(openSqlite(), extent);
  if (stopEmulator !== undefined && only !== 'sqlite') {
    const emulator = await openEmulator(extent.warmUpWrites);
    if (isWanted('emulator')) yield benchDatabase(emulator, extent);
    else await emulator.close();
  }
  if (isWanted('cold-start')) {
    yield benchColdStart(stopEmulator === undefined ? ['sqlite'] : ['sqlite', 'emulator'], extent.coldStarts);
  }
  await stopEmulator?.();
  if (isWanted('console')) yield benchPages(extent.stored, terminal);
  if (isWanted('memory')) yield [await benchMemory(extent.dense)];
}

async function benchPages(stored: number, terminal: Terminal): Promise<readonly Result[]> {
  const { filledInMs, pages } = await benchConsole(stored);
  terminal.error(`Filled a database with ${stored} executions in ${durationInWords(filledInMs)}.`);
  return pages;
}

async function benchDatabase(database: BenchDatabase, extent: Extent): Promise<readonly Result[]> {
  try {
    return [
      ...(await benchTenSteps(database, extent)),
      ...(await benchAgedPlaybook(database, extent)),
      await benchThousandSteps(database, extent.rounds),
      await benchResumption(database, extent.rounds),
    ];
  } finally {
    await database.close();
  }
}

/** The given emulator, or one that we start; undefined, after printing why, if neither is possible. */
async function startEmulator(terminal: Terminal): Promise<(() => Promise<void>) | undefined> {
  // Google's client asks the network where it is running, and waits for the answer.
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  if ((terminal.env['FIRESTORE_EMULATOR_HOST'] ?? '') !== '') return () => Promise.resolve();
  const finding = await findFirestoreEmulator();
  if (!finding.found) {
    terminal.error(`Not measured on the Firestore emulator. ${finding.missing}`);
    return undefined;
  }
  const { host, port, stop } = await startFirestoreEmulator();
  process.env['FIRESTORE_EMULATOR_HOST'] = `${host}:${port}`;
  return stop;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2), processTerminal());
