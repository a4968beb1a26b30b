/**
 * `npm run chaos`: runs the built function in plain Node processes, kills and freezes them, takes away their database,
 * network and clocks, and checks from outside that every promise about executions holds.
 */
import { findFirestoreEmulator, startFirestoreEmulator } from '#testing/servers/firestore-emulator.ts';
import { buildFunctions } from '#testing/runner/built-functions.ts';
import { runCommand, usageError, type Arguments, type ExitCode } from '../scripts/terminal/command-line.ts';
import { processTerminal, type Terminal } from '../scripts/terminal/terminal.ts';
import { DATABASES, type DatabaseName } from './chaos-database.ts';
import { faultInWords, SCENARIOS, type Scenario } from './fault.ts';
import { runRound, type CaseResult } from './round.ts';
import { figuresOf, replayOf, summaryTable } from './summary.ts';

const DEFAULT_KILLS = 60;
const SHORT_KILLS = 10;
/** More would need more slots than are not stale. */
const MOST_KILLS = 1_000;
const SEEDS = 1_000_000;

const command = {
  name: 'npm run chaos --',
  summary:
    'Kills, freezes and cuts off runners of the built function, and checks that no execution is lost, doubled or late.',
  options: {
    seed: { value: 'N', help: 'Repeats the round of this seed; random by default.' },
    kills: { value: 'N', help: `How many runners are killed, at most ${MOST_KILLS}; ${DEFAULT_KILLS} by default.` },
    database: { value: 'NAME', help: 'sqlite, emulator or both; both by default.' },
    only: { value: 'SCENARIO', help: `One of ${SCENARIOS.join(', ')}.` },
    case: { value: 'N', help: 'Only this case of the scenario.' },
    short: { help: 'Few cases of each scenario: about a minute.' },
    json: { help: 'Prints one line of JSON for each case, and one with the figures.' },
  },
  notes: ['Needs a POSIX system. Without a Firestore emulator, the cases on it are left out.'],
} as const;

interface Wanted {
  readonly seed: number;
  readonly kills: number;
  readonly isShort: boolean;
  readonly databases: readonly DatabaseName[];
  readonly only: Scenario | undefined;
  readonly case: number | undefined;
}

/** The command: resolves to its exit code, 1 if a promise was broken. */
export function main(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return runCommand(command, argv, terminal, async (given) => {
    const wanted = wantedOf(given);
    if (typeof wanted === 'string') return usageError(command.name, wanted, terminal);
    const isJson = given.flag('json');
    if (!isJson) terminal.out(`Seed ${wanted.seed}`);
    const results: CaseResult[] = [];
    for await (const result of runAll(wanted, terminal)) {
      results.push(result);
      if (isJson) terminal.out(JSON.stringify({ ...result, replay: replayOf(result, wanted) }));
      else showCase(result, replayOf(result, wanted), terminal);
    }
    terminal.out(isJson ? JSON.stringify({ seed: wanted.seed, ...figuresOf(results) }) : `\n${summaryTable(results)}`);
    return results.some(({ violations }) => violations.length > 0) ? 1 : 0;
  });
}

function wantedOf(given: Arguments<keyof typeof command.options>): Wanted | string {
  const isShort = given.flag('short');
  const seed = Number(given.text('seed') ?? Math.floor(Math.random() * SEEDS));
  const kills = Number(given.text('kills') ?? (isShort ? SHORT_KILLS : DEFAULT_KILLS));
  const number = given.text('case') === undefined ? undefined : Number(given.text('case'));
  const only = SCENARIOS.find((scenario) => scenario === given.text('only'));
  const database = given.text('database') ?? 'both';
  const databases = DATABASES.filter((name) => database === 'both' || database === name);
  if (![seed, kills, number ?? 1].every((value) => Number.isInteger(value) && value >= 0)) {
    return '--seed, --kills and --case need whole numbers.';
  }
  if (kills > MOST_KILLS) return `--kills is at most ${MOST_KILLS}.`;
  if (databases.length === 0) return `Unknown database ${database}. Use sqlite, emulator or both.`;
  if (only === undefined && given.text('only') !== undefined) {
    return `Unknown scenario ${given.text('only')}. Use one of ${SCENARIOS.join(', ')}.`;
  }
  return { seed, kills, isShort, databases, only, case: number };
}

async function* runAll(wanted: Wanted, terminal: Terminal): AsyncGenerator<CaseResult> {
  const functions = await buildFunctions();
  try {
    for (const database of wanted.databases) {
      const stop = database === 'emulator' ? await startEmulator(terminal) : async () => undefined;
      if (stop === undefined) continue;
      try {
        yield* runRound({ ...wanted, source: functions.source, database });
      } finally {
        await stop();
      }
    }
  } finally {
    functions.remove();
  }
}

function showCase(
  { scenario, number, fault, tookMs, violations }: CaseResult,
  replay: string,
  terminal: Terminal,
): void {
  const isSound = violations.length === 0;
  const mark = isSound ? terminal.paint('green', '✓') : terminal.paint('red', '✗');
  terminal.out(`${mark} ${scenario} ${number}: ${faultInWords(fault)} (${tookMs} ms)`);
  for (const { promise, seen } of violations) terminal.out(`    ${promise}: ${seen}`);
  if (!isSound) terminal.out(`    Repeat it: ${replay}`);
}

/** The given emulator, or one that we start; undefined, after printing why, if neither is possible. */
async function startEmulator(terminal: Terminal): Promise<(() => Promise<unknown>) | undefined> {
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  if ((terminal.env['FIRESTORE_EMULATOR_HOST'] ?? '') !== '') return async () => undefined;
  const finding = await findFirestoreEmulator();
  if (!finding.found) {
    terminal.error(`Not run on the Firestore emulator. ${finding.missing}`);
    return undefined;
  }
  const { host, port, stop } = await startFirestoreEmulator();
  process.env['FIRESTORE_EMULATOR_HOST'] = `${host}:${port}`;
  return stop;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2), processTerminal());
