import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { PlaybookError } from '#core/failure.ts';
import { choose } from '../mutants/choose.ts';
import type { Candidate } from '../mutants/draw.ts';
import { KINDS } from '../mutants/rules/mutation.ts';
import { mutantText, outcomeLine, reportText } from '../mutants/report.ts';
import { summaries, total } from '../mutants/summary.ts';
import { type Found, tryAll } from '../mutants/try-all.ts';
import { stopSignal } from '../processes/stop-signal.ts';
import { type Arguments, type ExitCode, runCommand } from '../terminal/command-line.ts';
import { aligned, counted } from '../terminal/text-layout.ts';
import { processTerminal, type Terminal } from '../terminal/terminal.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SEEDS = 1_000_000;
const MS_PER_SECOND = 1_000;

const command = {
  name: 'npm run mutants --',
  summary: 'Plants bugs in copies of the product code, one at a time, and shows those that no test names.',
  options: {
    only: { value: 'AREA', multiple: true, help: 'Only here: engine, console, or a folder: engine/claim.' },
    file: { value: 'FILE[:LINE]', multiple: true, help: 'Only in this file, or this line of it.' },
    count: { value: 'N', help: 'How many bugs (20), spread evenly over areas and kinds.' },
    seed: { value: 'N', help: 'The same seed chooses the same bugs; otherwise a new one is drawn and shown.' },
    near: { value: 'SECONDS', help: 'How long the nearest tests of one bug may take (8).' },
    wide: { value: 'SECONDS', help: 'How long all other tests may take, for the bugs that are left together (60).' },
    lanes: { value: 'N', help: 'How many bugs at the same time (as many as this machine has processors).' },
    'at-least': { value: 'PERCENT', help: 'Exits with 1 if fewer of the bugs are named.' },
    list: { help: 'Shows the bugs, those that types refuse included, without running a test.' },
    json: { help: 'Prints the result as JSON.' },
  },
  notes: [
    `Kinds of bugs:\n${aligned(Object.entries(KINDS), '  ')}`,
    'A bug that the type check refuses, or a rule of the linter about types, is passed over for the next one. One that does the same as the product belongs in scripts/mutants/equivalents.yaml, with a reason. Emulator tests run if FIRESTORE_EMULATOR_HOST names one.',
  ],
} as const;

type Given = Arguments<keyof typeof command.options>;

/** The numbers of a call. */
interface Numbers {
  readonly seed: number;
  readonly count: number;
  readonly near: number;
  readonly wide: number;
  readonly lanes: number;
  readonly atLeast: number;
}

/** The command: resolves to its exit code, 1 if fewer bugs are named than `--at-least` asks for. */
export function main(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return runCommand(command, argv, terminal, async (given) => {
    const numbers = numbersFrom(given);
    const { seed, count } = numbers;
    const isJson = given.flag('json');
    const candidates = choose(ROOT, { only: given.texts('only'), files: given.texts('file'), seed, count });
    const mutants = candidates.slice(0, count).map(({ mutant }) => mutant);
    if (!isJson) terminal.out(`Seed ${seed}: ${counted(mutants.length, 'bug')} to plant.`);
    if (given.flag('list')) {
      terminal.out(
        isJson ? asJson({ seed, mutants }) : mutants.map((one) => mutantText(one, terminal.paint)).join('\n'),
      );
      return 0;
    }
    const { tried, distrusted } = await tryCandidates(candidates, numbers, terminal, isJson);
    const all = total(tried);
    const json = { seed, tried, distrusted, areas: [...summaries(tried), all] };
    terminal.out(isJson ? asJson(json) : `\n${reportText(tried, distrusted, terminal.paint)}`);
    return all.percent < numbers.atLeast ? 1 : 0;
  });
}

function tryCandidates(
  candidates: readonly Candidate[],
  numbers: Numbers,
  terminal: Terminal,
  isJson: boolean,
): Promise<Found> {
  return tryAll({
    root: ROOT,
    candidates,
    count: numbers.count,
    nearLimitMs: numbers.near * MS_PER_SECOND,
    wideLimitMs: numbers.wide * MS_PER_SECOND,
    lanes: numbers.lanes,
    env: terminal.env,
    signal: stopSignal(),
    onBegin: (what) => terminal.status(`Trying ${what} …`),
    onEnd(tried) {
      if (!isJson) terminal.out(outcomeLine(tried, terminal.paint));
    },
  });
}

/** Throws `input_invalid` if one is not a whole number. */
function numbersFrom(given: Given): Numbers {
  return {
    seed: numberFrom(given, 'seed', randomInt(SEEDS)),
    count: numberFrom(given, 'count', 20),
    near: numberFrom(given, 'near', 8),
    wide: numberFrom(given, 'wide', 60),
    lanes: Math.max(1, numberFrom(given, 'lanes', availableParallelism())),
    atLeast: numberFrom(given, 'at-least', 0),
  };
}

function numberFrom(given: Given, name: keyof typeof command.options, otherwise: number): number {
  const text = given.text(name);
  if (text === undefined) return otherwise;
  if (!/^\d+$/.test(text)) throw new PlaybookError('input_invalid', `--${name} '${text}' is not a whole number.`);
  return Number(text);
}

function asJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2), processTerminal());
