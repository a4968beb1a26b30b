import type { Clock } from '#core/clock.ts';
import type { FinishedExecution, RunningExecution } from '../record/execution.ts';
import type { StepRecord } from '../record/step-schema.ts';
import { executedCount } from '../record/contradictions.ts';
import { fencedWriter } from './fenced-writer.ts';
import type { WriterOptions, WrittenState } from './fenced-writer.ts';
import { weightOf } from '#core/json-weight.ts';
import { writePace } from './write-pace.ts';

/**
 * The single writer of an execution. What happens is recorded at once in memory and reaches the database in groups: one
 * conditional write at a time, carrying every step that changed since the last one, so that a step costs the same at the
 * end of a long execution as at its beginning. Any write renews the lease; without one, the lease is renewed at a third.
 * A runner that finds the lease gone aborts `lost` and never writes again.
 */
export interface Journal {
  /** Aborts, with the `PlaybookError` that says why, when this runner may not or cannot write any more. */
  readonly lost: AbortSignal;
  readonly steps: ReadonlyMap<string, StepRecord>;
  /** What all steps take in the record, in bytes. */
  weight(): number;
  /** Records what a step has come to; it is stored with the next write. */
  put(step: StepRecord): void;
  /** Starts writing what was recorded, unless a write is under way; that one is then followed by another. */
  kick(): void;
  /** Resolves when everything that was recorded before is stored. Throws what `FencedWriter.write` throws. */
  flush(): Promise<void>;
  /** The last write: what was recorded and the end, at once. Throws like `flush`. */
  finish(finished: FinishedExecution): Promise<void>;
  /** The last write where the database refused one: the end alone, in place of everything. Throws like `flush`. */
  finishShort(finished: FinishedExecution): Promise<void>;
  /** The last write of a runner that goes away in good order: anybody may go on at once. Throws like `flush`. */
  giveBack(): Promise<void>;
  /** Stops renewing and begins no other write; resolves when the one under way is over. Throws nothing. */
  close(): Promise<void>;
}

export function openJournal(options: WriterOptions): Journal {
  const { clock, execution } = options;
  const { durationMs, interruptions } = execution.lease;
  const writer = fencedWriter(options);
  const { steps, put, weight, hasEnded, hasUnwritten, takeUnwritten } = stepRecords(execution);
  let ending: Promise<void> | undefined;

  /** Takes what was recorded so far; what is recorded meanwhile goes with the next write. */
  const write = (outcome: WrittenState): Promise<void> =>
    writer.write(takeUnwritten(), executedCount(steps.values()), outcome);

  /** A runner that has brought a step to its end is none that vanishes at each try. */
  const running = (leaseMs: number): WrittenState => ({
    kind: 'running',
    lease: { durationMs: leaseMs, interruptions: hasEnded() ? 0 : interruptions },
  });

  const { lost, kick, settled, close } = writeLoop(clock, durationMs, () => write(running(durationMs)));

  async function writeLast(outcome: WrittenState): Promise<void> {
    await close();
    lost.throwIfAborted();
    // Its steps have all ended, also one that goes on: an alert that is still being delivered.
    if (outcome.kind === 'ended') for (const step of Object.values(outcome.finished.steps)) putEnded(step);
    await write(outcome);
  }

  function putEnded(step: StepRecord): void {
    if (steps.get(step.path) !== step) put(step);
  }

  /** Whoever waits for what was recorded meanwhile waits for this write. */
  function endWith(outcome: WrittenState): Promise<void> {
    ending = writeLast(outcome);
    return ending;
  }

  return {
    lost,
    steps,
    weight,
    put,
    kick,
    async flush() {
      if (hasUnwritten()) kick();
      await settled();
      // What goes on behind the end of the record is recorded nowhere: an alert on its way to people.
      await ending;
      lost.throwIfAborted();
    },
    finish: (finished) => endWith({ kind: 'ended', finished }),
    async finishShort(finished) {
      await close();
      await writer.write(new Map(), finished.stepsExecuted, { kind: 'ended_short', finished });
    },
    giveBack: () => endWith(running(0)),
    close,
  };
}

/** Writes when it is kicked, one write at a time, and at the latest after a third of the lease. */
function writeLoop(clock: Clock, leaseMs: number, write: () => Promise<void>) {
  const pace = writePace(clock, leaseMs);
  const losing = new AbortController();
  let kicked = false;
  let closed = false;
  let writing: Promise<void> | undefined;
  let cancelRenewal = clock.after(leaseMs / 3, kick);

  async function writeWhileKicked(): Promise<void> {
    cancelRenewal();
    try {
      while (kicked) {
        await pace.pause();
        if (!kicked) break;
        kicked = false;
        await write();
      }
      if (!closed) cancelRenewal = clock.after(leaseMs / 3, kick);
    } catch (reason) {
      losing.abort(reason);
    }
    // In the same moment in which nobody has kicked any more: a kick between the two would be lost.
    writing = undefined;
  }

  function kick(): void {
    if (closed || losing.signal.aborted) return;
    kicked = true;
    writing ??= writeWhileKicked();
  }

  const settled = (): Promise<void> =>
    pace.hurried(async () => {
      while (writing !== undefined) await writing;
    });

  function close(): Promise<void> {
    closed = true;
    kicked = false;
    cancelRenewal();
    return settled();
  }

  return { lost: losing.signal, kick, settled, close };
}

/**
 * What stands in for a journal that cannot write any more, so that people can still be told: it keeps what happens in
 * memory and stores nothing.
 */
export function detachedJournal(recorded: ReadonlyMap<string, StepRecord>): Journal {
  const steps = new Map(recorded);
  const nothing = async (): Promise<void> => undefined;
  return {
    lost: new AbortController().signal,
    steps,
    weight: () => 0,
    put: (step) => void steps.set(step.path, step),
    kick: () => undefined,
    flush: nothing,
    finish: nothing,
    finishShort: nothing,
    giveBack: nothing,
    close: nothing,
  };
}

/** All steps as they are, what they weigh, and which of them the next write has to carry. */
function stepRecords(execution: RunningExecution) {
  const steps = new Map(Object.entries(execution.steps));
  const weights = new Map(Array.from(steps, ([path, step]) => [path, weightOf(step)] as const));
  let total = Array.from(weights.values()).reduce((sum, bytes) => sum + bytes, 0);
  let unwritten = new Map<string, StepRecord>();
  let ended = false;
  return {
    steps,
    weight: (): number => total,
    hasEnded: (): boolean => ended,
    put(step: StepRecord): void {
      const bytes = weightOf(step);
      total += bytes - (weights.get(step.path) ?? 0);
      weights.set(step.path, bytes);
      steps.set(step.path, step);
      unwritten.set(step.path, step);
      ended ||= step.status !== 'running';
    },
    hasUnwritten: (): boolean => unwritten.size > 0,
    takeUnwritten(): ReadonlyMap<string, StepRecord> {
      const taken = unwritten;
      unwritten = new Map();
      return taken;
    },
  };
}
