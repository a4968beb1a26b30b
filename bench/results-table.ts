import { aligned } from '../scripts/terminal/text-layout.ts';
import type { AgedPlaybook } from './aged-playbook.ts';
import type { ConsolePage } from './console-pages.ts';
import { rounded } from './figures.ts';
import type { LongExecution } from './long-execution.ts';
import type { MemoryPeak } from './memory.ts';
import type { Resumption } from './resumption.ts';
import type { Result } from './targets.ts';
import type { Throughput } from './throughput.ts';
import type { Round } from './timing.ts';

/** The results for people: one line each, the name of the measurement first. */
export function resultsTable(results: readonly Result[]): string {
  return aligned([['what', 'database', 'measured', 'compared with'], ...results.map(rowOf)]);
}

function rowOf(result: Result): readonly string[] {
  const [what, measured, comparison] = cellsOf(result);
  return [what, result.database, measured, comparison];
}

type Cells = readonly [what: string, measured: string, comparison: string];

function cellsOf(result: Result): Cells {
  switch (result.bench) {
    case 'ten-steps':
      return throughputCells(result);
    case 'aged-playbook':
      return agedPlaybookCells(result);
    case 'thousand-steps':
      return longExecutionCells(result);
    case 'resumption':
      return resumptionCells(result);
    case 'cold-start': {
      const bare = `bare handler ${result.bareMs} ms: ${result.byBare} times`;
      return ['cold start to the first answer', `${result.runnerMs} ms`, bare];
    }
    case 'memory':
      return memoryCells(result);
    case 'console-page':
      return consolePageCells(result);
  }
}

function throughputCells({ atOnce, runner, floor, p50ByFloor, perExecution }: Throughput): Cells {
  const { roundTrips, reads, writes } = perExecution;
  return [
    `10 steps, ${atOnce} at once`,
    `${runner.perSecond}/s, p50 ${runner.p50Ms} ms, p95 ${runner.p95Ms} ms; ${roundTrips} round trips, ${reads} reads, ${writes} writes each`,
    `bare client ${floor.perSecond}/s, p50 ${floor.p50Ms} ms, p95 ${floor.p95Ms} ms: ${p50ByFloor} times its p50`,
  ];
}

function agedPlaybookCells({ atOnce, aged, fresh, agedByFresh }: AgedPlaybook): Cells {
  const inWords = ({ perSecond, p50Ms, p95Ms }: Round): string => `${perSecond}/s, p50 ${p50Ms} ms, p95 ${p95Ms} ms`;
  const compared = `new playbook ${inWords(fresh)}: ${agedByFresh} times its p50`;
  return [`statistics two months old, ${atOnce} at once`, inWords(aged), compared];
}

function longExecutionCells({ wallMs, first100StepMs, last100StepMs, lastByFirst, counts }: LongExecution): Cells {
  const steps = `first 100: ${first100StepMs} ms each, last 100: ${last100StepMs} ms each: ${lastByFirst} times`;
  return ['1,000 steps in one execution', `${wallMs} ms, ${counts.writes} writes`, steps];
}

function resumptionCells({ firstStepMs, endMs, stepsRepeated }: Resumption): Cells {
  const first = `first step after ${firstStepMs} ms, end after ${endMs} ms`;
  return ['resumed at step 100 of 200', first, `${stepsRepeated} step repeated`];
}

function memoryCells({ atOnce, peakMib, limitMib, ended, tookMs }: MemoryPeak): Cells {
  const measured = `${peakMib} MiB at the peak, ${ended} ended as they must, in ${rounded(tookMs / 1_000)} s`;
  return [`${atOnce} executions of dense outputs`, measured, `the function has ${limitMib} MiB`];
}

function consolePageCells({ page, executions, p50Ms, p95Ms, bytes }: ConsolePage): Cells {
  const size = `${rounded(bytes / 1_000)} kB compressed, of ${executions.toLocaleString('en')} executions`;
  return [`console: ${page}`, `first byte p50 ${p50Ms} ms, p95 ${p95Ms} ms`, size];
}
