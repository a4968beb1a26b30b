import type { Terminal } from '../terminal/terminal.ts';
import { aligned, counted, shortened } from '../terminal/text-layout.ts';
import { placeOf } from './areas.ts';
import type { Mutant } from './rules/mutants-of.ts';
import { isSurvivor, type Outcome, type Tried } from './outcome.ts';
import { type AreaSummary, summaries, total } from './summary.ts';

const MOST_LINES = 8;
const MOST_SENTENCE = 120;

type Paint = Terminal['paint'];

/** A mutant and what is known about it so far, on one line. */
export function outcomeLine({ mutant, outcome }: Tried, paint: Paint): string {
  const sign = outcome.status === 'survived' ? paint('yellow', '…') : paint('green', '✓');
  return `${sign} ${titleOf(mutant)}  ${shortened(inWords(outcome), MOST_SENTENCE)}`;
}

/** A mutant with its change. */
export function mutantText(mutant: Mutant, paint: Paint): string {
  const before = marked('-', mutant.code, mutant).map((line) => paint('red', line));
  const after = marked('+', mutant.becomes, mutant).map((line) => paint('green', line));
  return [titleOf(mutant), ...before, ...after].join('\n');
}

/** The survivors with their changes, and what came of all mutants, by area. */
export function reportText(tried: readonly Tried[], distrusted: readonly string[], paint: Paint): string {
  const survivors = tried.filter(isSurvivor);
  return [
    ...survivors.map(
      ({ mutant, outcome }) => `${paint('red', '✗')} ${mutantText(mutant, paint)}\n  ${inWords(outcome)}`,
    ),
    ...distrusted.map((test) => `${test} fails, or says nothing for too long, without any bug: it was left out.`),
    table([...summaries(tried), total(tried)]),
  ].join('\n\n');
}

function titleOf({ file, line, kind }: Mutant): string {
  return `${file}:${line}  ${kind}`;
}

function inWords(outcome: Outcome): string {
  switch (outcome.status) {
    case 'named':
      return `${placeOf(outcome.test) ?? outcome.test}: "${outcome.sentence}"`;
    case 'hung':
      return `${outcome.test} does not end`;
    case 'refused':
      return `refused by types: ${outcome.message}`;
    case 'equivalent':
      return `does the same: ${outcome.why}`;
    case 'survived':
      return survivedInWords(outcome);
  }
}

function survivedInWords({ ran, left }: Extract<Outcome, { readonly status: 'survived' }>): string {
  if (ran.length + left.length === 0) return 'no test file reaches it';
  const rest = left.length === 0 ? '' : `; ${left.length} more distant did not run in time`;
  return `${counted(ran.length, 'test file')} ran, and none failed${rest}`;
}

/** The lines that differ between both sides, each with a sign; a long part in the middle is left out. */
function marked(sign: '-' | '+', text: string, { code, becomes }: Mutant): readonly string[] {
  const other = new Set((sign === '-' ? becomes : code).split('\n'));
  const lines = text.split('\n').filter((line) => !other.has(line));
  const shown = lines.length <= MOST_LINES ? lines : [...lines.slice(0, MOST_LINES - 2), '…', ...lines.slice(-1)];
  return shown.map((line) => `  ${sign} ${line}`);
}

function table(rows: readonly AreaSummary[]): string {
  const head = ['Area', 'planted', 'named', 'hung', 'survived', 'share', 'refused by types', 'equivalent'];
  return aligned([head, ...rows.map(cellsOf)]);
}

function cellsOf({ area, planted, counts, percent }: AreaSummary): readonly string[] {
  const { named, hung, survived, refused, equivalent } = counts;
  return [area, ...[planted, named, hung, survived].map(String), `${percent} %`, String(refused), String(equivalent)];
}
