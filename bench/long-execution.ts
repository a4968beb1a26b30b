import { setImmediate as nextTurn } from 'node:timers/promises';
import { countedDocuments, type DocumentCounts } from '#testing/builders/counted-documents.ts';
import { openRunner, seedSteps } from './bench-runner.ts';
import type { BenchDatabase } from './database.ts';
import { median, rounded } from './figures.ts';

const STEPS = 1_000;
const SHARE = 100;

/** One execution of a thousand steps: does a step cost the same at the end as at the beginning? */
export interface LongExecution {
  readonly bench: 'thousand-steps';
  readonly database: BenchDatabase['name'];
  readonly wallMs: number;
  /** From the beginning of a step to that of the next, on average. */
  readonly first100StepMs: number;
  readonly last100StepMs: number;
  readonly lastByFirst: number;
  readonly counts: DocumentCounts;
}

/** Measures `rounds` executions after one for warming up. */
export async function benchThousandSteps(database: BenchDatabase, rounds: number): Promise<LongExecution> {
  const documents = countedDocuments(database.documents);
  const playbookId = await seedSteps(documents, STEPS);
  const began: number[] = [];
  const runner = openRunner(documents, {
    // Waits a little, so that the journal may write each step separately.
    async step() {
      began.push(performance.now());
      await nextTurn();
    },
  });
  await runner.deliver(playbookId);

  const executions: Measured[] = [];
  for (let round = 0; round < rounds; round += 1) {
    began.length = 0;
    documents.reset();
    const startMs = performance.now();
    await runner.deliver(playbookId);
    const wallMs = performance.now() - startMs;
    executions.push({ wallMs, firstMs: stepMs(began, 0), lastMs: stepMs(began, STEPS - SHARE - 1) });
  }
  return { bench: 'thousand-steps', database: database.name, ...medians(executions), counts: documents.counts() };
}

interface Measured {
  readonly wallMs: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

function medians(executions: readonly Measured[]) {
  const [first, last] = [
    median(executions.map(({ firstMs }) => firstMs)),
    median(executions.map(({ lastMs }) => lastMs)),
  ];
  return {
    wallMs: rounded(median(executions.map(({ wallMs }) => wallMs))),
    first100StepMs: rounded(first),
    last100StepMs: rounded(last),
    lastByFirst: rounded(last / first),
  };
}

function stepMs(began: readonly number[], from: number): number {
  return ((began[from + SHARE] ?? Number.NaN) - (began[from] ?? Number.NaN)) / SHARE;
}
