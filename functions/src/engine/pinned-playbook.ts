import { isFromNewerVersion, isUnavailable, PlaybookError } from '#core/failure.ts';
import { unlessAborted } from '#core/unless-aborted.ts';
import type { Playbook } from '#language/playbook/playbook.ts';
import type { ExecutionRequest } from './new-execution.ts';
import type { RunningExecution } from './record/execution.ts';
import type { Engine, RunState, Stop } from './state/run-state.ts';

/** The definition that a resumed execution began with; undefined if it no longer exists. */
export async function pinnedPlaybook(
  execution: RunningExecution,
  request: ExecutionRequest,
  engine: Engine,
  over: AbortSignal,
): Promise<Playbook | undefined> {
  if (execution.version === request.version) return request.playbook;
  try {
    return await unlessAborted(over, engine.loadDefinition(execution.playbookId, execution.version));
  } catch (thrown) {
    // Nothing of it runs any more, so it does not matter which steps those were.
    if (over.aborted) return request.playbook;
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
