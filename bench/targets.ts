import type { AgedPlaybook } from './aged-playbook.ts';
import type { ColdStart } from './cold-start.ts';
import type { ConsolePage } from './console-pages.ts';
import type { LongExecution } from './long-execution.ts';
import type { MemoryPeak } from './memory.ts';
import type { Resumption } from './resumption.ts';
import type { Throughput } from './throughput.ts';

/** One line of the benchmark. */
export type Result = Throughput | AgedPlaybook | LongExecution | Resumption | ColdStart | ConsolePage | MemoryPeak;

const STEPS = 10;
const MAX_WRITES = STEPS + 2;
const MAX_READS = 1;
const MAX_BY_FLOOR = 0.5;
const MAX_LAST_BY_FIRST = 2;
const MAX_AGED_BY_FRESH = 1.1;
const MAX_BY_BARE = 3.8;
const MAX_PAGE_MS = 100;

/** The targets that a result misses, as sentences. */
export function missedTargets(result: Result): readonly string[] {
  const where = `${result.bench} on ${result.database}`;
  switch (result.bench) {
    case 'ten-steps':
      return missedByThroughput(result, where);
    case 'aged-playbook':
      return above(
        `${where}, ${result.atOnce} at once: p50 by that of a new playbook`,
        result.agedByFresh,
        MAX_AGED_BY_FRESH,
      );
    case 'thousand-steps':
      return above(`${where}: last steps by first steps`, result.lastByFirst, MAX_LAST_BY_FIRST);
    case 'resumption':
      return above(`${where}: steps repeated`, result.stepsRepeated, 1);
    case 'cold-start':
      return above(`${where}: by a bare handler`, result.byBare, MAX_BY_BARE);
    case 'memory':
      return [
        ...above(`${where}, ${result.atOnce} at once: MiB at the peak`, result.peakMib, result.limitMib),
        ...above(`${where}: executions that did not end`, result.atOnce - result.ended, 0),
      ];
    case 'console-page':
      return above(`${where}, ${result.page}: p50 in ms`, result.p50Ms, MAX_PAGE_MS);
  }
}

function missedByThroughput(result: Throughput, where: string): readonly string[] {
  const { atOnce, p50ByFloor, perExecution, database } = result;
  // Grouping saves waiting: a bare SQLite has no round trips, and many concurrent executions wait for the processor.
  const isWaiting = database === 'emulator' && atOnce === 1;
  return [
    ...above(`${where}, ${atOnce} at once: writes per execution`, perExecution.writes, MAX_WRITES),
    ...above(`${where}, ${atOnce} at once: reads per execution`, perExecution.reads, MAX_READS),
    ...(isWaiting ? above(`${where}: p50 by the floor`, p50ByFloor, MAX_BY_FLOOR) : []),
  ];
}

function above(what: string, value: number, limit: number): readonly string[] {
  return value <= limit ? [] : [`${what} is ${value}; the target is at most ${limit}.`];
}
