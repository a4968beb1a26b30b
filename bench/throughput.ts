import { randomUUID } from 'node:crypto';
import { countedDocuments, type DocumentCounts } from '#testing/builders/counted-documents.ts';
import { openRunner, seedSteps } from './bench-runner.ts';
import type { BenchDatabase } from './database.ts';
import { rounded } from './figures.ts';
import { interleavedRounds, timeRound, type Round, type Rounds } from './timing.ts';

const STEPS = 10;
const AT_ONCE = [1, 100] as const;

/** Executions of ten steps that do nothing, compared with the bare client's time for the same record. */
export interface Throughput {
  readonly bench: 'ten-steps';
  readonly database: BenchDatabase['name'];
  readonly atOnce: number;
  readonly runner: Round;
  readonly floor: Round;
  /** The runner's p50 divided by the floor's: below 1, the runner is faster than one awaited write per step. */
  readonly p50ByFloor: number;
  /** Per execution, on average. */
  readonly perExecution: DocumentCounts;
}

/** Measures in interleaved rounds, so that a slow minute of the machine slows both sides. */
export async function benchTenSteps(database: BenchDatabase, amount: Rounds): Promise<readonly Throughput[]> {
  const documents = countedDocuments(database.documents);
  const playbookId = await seedSteps(documents, STEPS);
  const runner = openRunner(documents);
  const deliver = async (): Promise<void> => void (await runner.deliver(playbookId));
  const floor = (): Promise<void> => database.floor(randomUUID(), STEPS);
  await timeRound(amount.executions, 10, deliver);
  await timeRound(amount.executions, 10, floor);

  const results: Throughput[] = [];
  for (const atOnce of AT_ONCE) {
    documents.reset();
    const [bare, ours] = await interleavedRounds(amount, atOnce, [floor, deliver]);
    results.push({
      bench: 'ten-steps',
      database: database.name,
      atOnce,
      runner: ours,
      floor: bare,
      p50ByFloor: rounded(ours.p50Ms / bare.p50Ms),
      perExecution: perExecution(documents.counts(), amount.rounds * amount.executions),
    });
  }
  return results;
}

function perExecution({ roundTrips, reads, writes }: DocumentCounts, executions: number): DocumentCounts {
  const each = (count: number): number => rounded(count / executions);
  return { roundTrips: each(roundTrips), reads: each(reads), writes: each(writes) };
}
