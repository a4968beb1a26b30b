import { aligned } from '../scripts/terminal/text-layout.ts';
import { PROMISES } from './check-history.ts';
import type { CaseResult } from './round.ts';

/** The command that repeats one case. */
export function replayOf({ database, scenario, number }: CaseResult, round: Replayed): string {
  const size = `${round.isShort ? ' --short' : ''} --kills ${round.kills}`;
  return `npm run chaos -- --seed ${round.seed}${size} --database ${database} --only ${scenario} --case ${number}`;
}

/** What the cases of a round depend on. */
export interface Replayed {
  readonly seed: number;
  readonly kills: number;
  readonly isShort: boolean;
}

/** How often each promise was broken, and what was done to the runners. */
export function figuresOf(results: readonly CaseResult[]): Readonly<Record<string, number>> {
  const sum = (of: (result: CaseResult) => number): number => results.reduce((total, one) => total + of(one), 0);
  const broken = PROMISES.map((promise) => {
    return [promise, sum(({ violations }) => violations.filter((one) => one.promise === promise).length)] as const;
  });
  return {
    cases: results.length,
    kills: sum(({ kills }) => kills),
    'raw repeats': sum(({ repeats }) => repeats),
    ...Object.fromEntries(broken),
  };
}

/** The figures by database and scenario, then those of all cases. */
export function summaryTable(results: readonly CaseResult[]): string {
  const groups = Map.groupBy(results, ({ database, scenario }) => `${database} ${scenario}`);
  const rows = [...groups, ['all', results] as const].map(([name, own]) => {
    return [name, ...Object.values(figuresOf(own)).map(String)];
  });
  return aligned([['', ...Object.keys(figuresOf([]))], ...rows]);
}
