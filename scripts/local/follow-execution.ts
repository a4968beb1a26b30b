import type { Clock } from '#core/clock.ts';
import { leaseUntil, type SeenAt } from '#engine/claim/lease.ts';
import { isEnded, type EndedExecution, type UnendedExecution } from '#engine/record/execution.ts';
import { manualExecutionId } from '#engine/record/execution-id.ts';
import { EXECUTIONS, readExecution } from '#records/executions/executions.ts';
import type { RunnerCall } from './call-runner.ts';
import { quietSleep } from '../processes/quiet-sleep.ts';
import type { RunWorld } from './run-once.ts';

const LOOK_AGAIN_MS = 1_000;
/** Database and runner may use different clocks. */
const LEASE_MARGIN_MS = 500;
const MOST_CALLS = 3;
const CALL_AGAIN_MS = 5_000;

/** What following needs from its surroundings. */
export interface FollowWorld extends RunWorld {
  readonly clock: Clock;
}

/**
 * The result of following an execution. `resumed`: its runner had died, and another continued it. `stuck`: nothing
 * continued it; `problem` says why. `stopped`: following was stopped.
 */
export type Followed =
  | { readonly kind: 'ended'; readonly execution: EndedExecution; readonly resumed: boolean }
  | { readonly kind: 'stuck'; readonly problem: string }
  | { readonly kind: 'stopped' };

/**
 * Follows an execution to its end. While its lease runs, its runner is alive and is waited for; once the lease has run
 * out, the call that began the execution is repeated, which takes it over. Throws what the database throws.
 */
export async function followExecution(id: string, world: FollowWorld, signal: AbortSignal): Promise<Followed> {
  let problem = 'the runner does not take it over';
  let calls = 0;
  while (!signal.aborted) {
    const stored = await world.documents.get(`${EXECUTIONS}/${id}`);
    if (stored === undefined) return { kind: 'stuck', problem: 'its record no longer exists' };
    const execution = readExecution(stored);
    if (isEnded(execution)) return { kind: 'ended', execution, resumed: calls > 0 };
    const heldMs = leaseLeftMs(execution, stored);
    if (heldMs > 0) {
      await quietSleep(world.clock, Math.min(heldMs, LOOK_AGAIN_MS), signal);
      continue;
    }
    if (calls > 0) await quietSleep(world.clock, CALL_AGAIN_MS, signal);
    if (calls >= MOST_CALLS) return { kind: 'stuck', problem };
    calls += 1;
    problem = (await callAgain(execution, world)) ?? problem;
  }
  return { kind: 'stopped' };
}

/** How long another runner holds it, or it waits. */
function leaseLeftMs(execution: UnendedExecution, seen: SeenAt): number {
  const until = execution.status === 'waiting' ? execution.wakeAt : leaseUntil(seen, execution.lease);
  return until.getTime() + LEASE_MARGIN_MS - seen.readAt.getTime();
}

/** Resolves to what the runner objects, if anything. */
async function callAgain(execution: UnendedExecution, world: FollowWorld): Promise<string | undefined> {
  try {
    return (await world.call(execution.playbookId, callOf(execution))).error;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

/** The call that began an execution: with the same id and the same content. */
function callOf({ id, playbookId, slot, trigger, inputs, onlyTo }: UnendedExecution): RunnerCall {
  if (slot !== null) {
    return { kind: 'schedule', slot, jobName: trigger.kind === 'schedule' ? trigger.jobName : undefined };
  }
  const requestId = id.slice(manualExecutionId(playbookId, '').length);
  const by = trigger.kind === 'manual' ? trigger.by : undefined;
  return {
    kind: 'manual',
    start: {
      requestId,
      ...(by === undefined ? {} : { by }),
      ...(Object.keys(inputs).length === 0 ? {} : { inputs }),
      ...(onlyTo === undefined ? {} : { onlyTo }),
    },
  };
}
