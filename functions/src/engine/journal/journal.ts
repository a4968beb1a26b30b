import type { FinishedExecution, Lease, WaitingExecution } from '../record/execution.ts';
import type { StepRecord } from '../record/step-schema.ts';
import { executedCount } from '../record/contradictions.ts';
import { iterationSteps, recordedSteps } from '../record/iterations.ts';
import { fencedWriter, type WriterOptions, type WrittenState } from './fenced-writer.ts';
import { stepRecords } from './step-records.ts';
import { writeLoop } from './write-loop.ts';

/**
 * The single writer of an execution. Changes are recorded in memory immediately and written to the database in groups: one
 * conditional write at a time, carrying every step that changed since the last one, so that a step costs the same at the
 * end of a long execution as at its beginning. Any write renews the lease; without one, the lease is renewed at a third.
 * A runner that finds the lease gone aborts `lost` and never writes again.
 */
export interface Journal {
  /** Aborts, with the `PlaybookError` that says why, when this runner may not or cannot write any more. */
  readonly lost: AbortSignal;
  readonly steps: ReadonlyMap<string, StepRecord>;
  /** What all steps take that are kept in the same document as this one, in bytes. */
  weight(path: string): number;
  /** The how manyth step begins now, from 0. */
  takeOrder(): number;
  /** Records the state of a step; it is stored with the next write. */
  put(step: StepRecord): void;
  /** Starts writing what was recorded, unless a write is under way; that one is then followed by another. */
  kick(): void;
  /** Resolves when everything that was recorded before is stored. Throws what `FencedWriter.write` throws. */
  flush(): Promise<void>;
  /** The last write: the recorded changes and the end together. Throws like `flush`. */
  finish(finished: FinishedExecution): Promise<void>;
  /** The last write where the database refused one: the end alone, in place of everything. Throws like `flush`. */
  finishShort(finished: FinishedExecution): Promise<void>;
  /** The last write of a runner whose execution waits. Throws like `flush`. */
  park(waiting: WaitingExecution): Promise<void>;
  /** The last write of a runner that shuts down cleanly: any runner may continue immediately. Throws like `flush`. */
  giveBack(): Promise<void>;
  /** Stops renewing and begins no other write; resolves when the one under way is over. Throws nothing. */
  close(): Promise<void>;
}

/** The journal of a claimed execution. Its lease is renewed from now on, until `close`. */
export function openJournal(options: WriterOptions, iterations: ReadonlyMap<string, StepRecord> = new Map()): Journal {
  const { clock, execution } = options;
  const { durationMs } = execution.lease;
  const writer = fencedWriter(options);
  const records = stepRecords([...Object.entries(execution.steps), ...iterations]);
  const { steps, weight, takeOrder, put } = records;
  let ending: Promise<void> | undefined;

  /** Takes what was recorded so far; what is recorded meanwhile goes with the next write. */
  const write = (outcome: WrittenState): Promise<void> =>
    writer.write(records.takeUnwritten(), executedCount(recordedSteps(steps.values())), outcome);
  const running = (leaseMs: number): WrittenState => goingOn(execution.lease, leaseMs, records.hasEnded());
  const { lost, kick, settled, close } = writeLoop(clock, durationMs, () => write(running(durationMs)));

  const shown = { lost, steps, weight, takeOrder, put, kick, close };

  async function writeLast(outcome: WrittenState): Promise<void> {
    await close();
    lost.throwIfAborted();
    if (outcome.kind === 'ended') records.putEnded(outcome.finished.steps);
    await write(outcome);
  }

  /** Anything recorded meanwhile waits for this write. */
  const endWith = (outcome: WrittenState): Promise<void> => (ending = writeLast(outcome));
  const endOf = (finished: FinishedExecution) => ({ finished, iterations: iterationSteps(steps.values()) });

  return {
    ...shown,
    async flush() {
      if (records.hasUnwritten()) kick();
      await settled();
      // What runs past the end of the record is recorded nowhere: an alert on its way to people.
      await ending;
      lost.throwIfAborted();
    },
    finish: (finished) => endWith({ kind: 'ended', ...endOf(finished) }),
    async finishShort(finished) {
      await close();
      await writer.write(new Map(), finished.stepsExecuted, { kind: 'ended_short', ...endOf(finished) });
    },
    park: (waiting) => endWith({ kind: 'waiting', waiting }),
    giveBack: () => endWith(running(0)),
  };
}

/** A runner that has brought a step to its end is not one that vanishes at each try. */
function goingOn({ interruptions }: Lease, durationMs: number, hasEndedStep: boolean): WrittenState {
  return { kind: 'running', lease: { durationMs, interruptions: hasEndedStep ? 0 : interruptions } };
}
