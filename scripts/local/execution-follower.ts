import { systemClock } from '#adapters/system-clock.ts';
import { followExecution } from './follow-execution.ts';
import type { LocalStack } from './local-stack.ts';
import { followedLine } from './schedule-report.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** Follows executions that are running elsewhere to their end, in the background, and prints how each ended. */
export interface ExecutionFollower {
  /** Follows an execution once, however often it is called; undefined is ignored. */
  follow(executionId: string | undefined): void;
  /** Resolves when nothing is being followed. Never rejects. */
  ended(): Promise<void>;
}

/** A follower that prints, until `stop` aborts. */
export function executionFollower(
  stack: Pick<LocalStack, 'documents' | 'call'>,
  terminal: Terminal,
  stop: AbortSignal,
): ExecutionFollower {
  const followed = new Map<string, Promise<void>>();
  return {
    follow(id) {
      if (id === undefined || followed.has(id)) return;
      followed.set(
        id,
        printEnd(id, stack, terminal, stop).then(() => void followed.delete(id)),
      );
    },
    async ended() {
      await Promise.all(followed.values());
    },
  };
}

/** Follows one execution and prints how it ended. Never rejects. */
async function printEnd(
  id: string,
  { documents, call }: Pick<LocalStack, 'documents' | 'call'>,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<void> {
  try {
    const world = { documents, call, clock: systemClock };
    const line = followedLine(id, await followExecution(id, world, stop), terminal);
    if (line !== '' && !stop.aborted) terminal.out(line);
  } catch (thrown) {
    const problem = thrown instanceof Error ? thrown.message : String(thrown);
    terminal.error(`${terminal.paint('red', '✗')} ${id} is no longer being followed: ${problem}`);
  }
}
