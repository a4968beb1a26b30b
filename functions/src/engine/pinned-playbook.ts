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

/** A definition, or why there is none: it is not kept any more, or the database did not answer in time. */
export type Pinned = { readonly kind: 'found'; readonly playbook: Playbook } | { readonly kind: 'gone' | 'late' };

/**
 * The definition that an execution began with, unless it takes until `late` to load it. `known` may be it; undefined where
 * the execution is all that is known. Throws `unavailable` and `record_from_newer_version`.
 */
export async function pinnedPlaybook(
  execution: RunningExecution,
  known: Definition | undefined,
  engine: Engine,
  late: AbortSignal,
): Promise<Pinned> {
  if (execution.version === known?.version) return { kind: 'found', playbook: known.playbook };
  try {
    const playbook = await unlessAborted(late, engine.loadDefinition(execution.playbookId, execution.version));
    return playbook === undefined ? { kind: 'gone' } : { kind: 'found', playbook };
  } catch (thrown) {
    if (late.aborted) return { kind: 'late' };
    if (isUnavailable(thrown) || isFromNewerVersion(thrown)) throw thrown;
    // What cannot be read is as good as gone: every runner that takes the execution over would meet it again.
    return { kind: 'gone' };
  }
}

/** Why an execution ends of which no step can run: its definition is gone, or was not there before its time was up. */
export function unrunnable(pinned: Pinned, run: RunState): Stop | undefined {
  if (pinned.kind === 'found') return undefined;
  const { version, playbookId } = run.execution;
  const message = `Version ${version} of ${playbookId}, which this execution began with, is gone or cannot be read.`;
  const gone = new PlaybookError('invalid_playbook', message);
  return { path: null, failure: run.toFailure(pinned.kind === 'gone' ? gone : run.signal.reason) };
}

/** A playbook of which nothing is known but what its execution says: it has no steps, and tells nobody. */
export function barePlaybook({ playbookId, playbookName, startedAt, deadlineAt }: RunningExecution): Playbook {
  const deadline = `${Math.ceil(elapsedMs(startedAt, deadlineAt) / 1000)}s`;
  return { id: playbookId, name: playbookName, enabled: true, deadline, steps: [] };
}
