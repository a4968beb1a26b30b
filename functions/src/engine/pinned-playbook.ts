import { isFromNewerVersion, isUnavailable, PlaybookError } from '#core/failure.ts';
import { unlessAborted } from '#core/unless-aborted.ts';
import type { Playbook } from '#language/playbook/playbook.ts';
import { elapsedMs } from './record/attempt.ts';
import type { RunningExecution } from './record/execution.ts';
import type { Engine, RunState, Stop } from './state/run-state.ts';

/** A version of a playbook. */
export interface Definition {
  readonly playbook: Playbook;
  readonly version: string;
}

/**
 * The definition that an execution began with; undefined if it no longer exists. `known` may be it; undefined where the
 * execution is all that is known.
 */
export async function pinnedPlaybook(
  execution: RunningExecution,
  known: Definition | undefined,
  engine: Engine,
  over: AbortSignal,
): Promise<Playbook | undefined> {
  if (execution.version === known?.version) return known.playbook;
  try {
    return await unlessAborted(over, engine.loadDefinition(execution.playbookId, execution.version));
  } catch (thrown) {
    // Nothing of it runs any more, so it does not matter which steps those were.
    if (over.aborted) return known?.playbook ?? barePlaybook(execution);
    if (isUnavailable(thrown) || isFromNewerVersion(thrown)) throw thrown;
    // What cannot be read is as good as gone: every runner that takes the execution over would meet it again.
    return undefined;
  }
}

/** Why an execution ends whose definition is not kept any more. */
export function missingVersion({ version, playbookId }: RunningExecution, run: RunState): Stop {
  const message = `Version ${version} of ${playbookId}, which this execution began with, is gone or cannot be read.`;
  return { path: null, failure: run.toFailure(new PlaybookError('invalid_playbook', message)) };
}

/** A playbook of which nothing is known but what its execution says: it has no steps, and tells nobody. */
export function barePlaybook({ playbookId, playbookName, startedAt, deadlineAt }: RunningExecution): Playbook {
  const deadline = `${Math.ceil(elapsedMs(startedAt, deadlineAt) / 1000)}s`;
  return { id: playbookId, name: playbookName, enabled: true, deadline, steps: [] };
}
