import { aligned } from '../scripts/terminal/text-layout.ts';
import { rounded } from './figures.ts';
import type { Result } from './targets.ts';

/** The results for people: one line each, what was measured first. */
export function resultsTable(results: readonly Result[]): string {
  return aligned([['what', 'database', 'measured', 'beside'], ...results.map(rowOf)]);
}

function rowOf(result: Result): readonly string[] {
  const { database } = result;
  switch (result.bench) {
    case 'ten-steps': {
      const { atOnce, runner, floor, p50ByFloor, perExecution } = result;
      const { roundTrips, reads, writes } = perExecution;
      return [
        `10 steps, ${atOnce} at once`,
        database,
        `${runner.perSecond}/s, p50 ${runner.p50Ms} ms, p95 ${runner.p95Ms} ms; ${roundTrips} round trips, ${reads} reads, ${writes} writes each`,
        `bare client ${floor.perSecond}/s, p50 ${floor.p50Ms} ms, p95 ${floor.p95Ms} ms: ${p50ByFloor} times its p50`,
      ];
    }
    case 'thousand-steps': {
      const { wallMs, first100StepMs, last100StepMs, lastByFirst, counts } = result;
      const steps = `first 100: ${first100StepMs} ms each, last 100: ${last100StepMs} ms each: ${lastByFirst} times`;
      return ['1,000 steps in one execution', database, `${wallMs} ms, ${counts.writes} writes`, steps];
    }
    case 'resumption': {
      const { firstStepMs, endMs, stepsRepeated } = result;
      const first = `first step after ${firstStepMs} ms, end after ${endMs} ms`;
      return ['resumed at step 100 of 200', database, first, `${stepsRepeated} step repeated`];
    }
    case 'cold-start':
      return [
        'cold start to the first answer',
        database,
        `${result.runnerMs} ms`,
        `bare handler ${result.bareMs} ms: ${result.byBare} times`,
      ];
    case 'memory': {
      const { atOnce, peakMib, limitMib, ended, tookMs } = result;
      const measured = `${peakMib} MiB at the peak, ${ended} ended as they must, in ${rounded(tookMs / 1_000)} s`;
      return [`${atOnce} executions of dense outputs`, database, measured, `the function has ${limitMib} MiB`];
    }
    case 'console-page': {
      const { page, executions, p50Ms, p95Ms, bytes } = result;
      const size = `${rounded(bytes / 1_000)} kB compressed, of ${executions.toLocaleString('en')} executions`;
      return [`console: ${page}`, database, `first byte p50 ${p50Ms} ms, p95 ${p95Ms} ms`, size];
    }
  }
}
