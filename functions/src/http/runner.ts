import type { Clock } from '#core/clock.ts';
import { isFromNewerVersion, PlaybookError } from '#core/failure.ts';
import type { Engine } from '#engine/state/run-state.ts';
import type { Log } from '#ports/log.ts';
import { isOutOfReach } from '#records/store/reachable.ts';
import { isKnownCaller, type Callers } from './authorise.ts';
import { deliver, type DeliveryWorld } from './deliver.ts';
import { readDelivery } from './delivery.ts';
import { BadCall, type RunnerReply, type RunnerRequest } from './request.ts';
import { reply, replyOf } from './runner-reply.ts';

/** What the runner needs from the rest of the product. */
export interface RunnerWorld extends DeliveryWorld {
  readonly clock: Clock;
  readonly callers: Callers;
  readonly engine: Engine;
  readonly log: Log;
}

/**
 * Answers one delivery. Cloud Scheduler treats 2xx as done and repeats all other calls: a failed slot is then answered
 * from its record, and 503 (the database is unreachable, this process is ending or full, or a newer version wrote the
 * record) means that repeating the call is safe and wanted.
 */
export async function answerDelivery(request: RunnerRequest, world: RunnerWorld): Promise<RunnerReply> {
  if (request.method !== 'POST') {
    return reply(405, { success: false, status: 'refused', error: 'Only POST is accepted.' }, { allow: 'POST' });
  }
  if (!(await isKnownCaller(request, world.callers))) {
    return reply(401, { success: false, status: 'refused', error: 'Unauthorized' });
  }
  try {
    const delivery = await readDelivery(request, world.clock.now());
    if (world.engine.shutdown?.begun.aborted === true) return shuttingDownReply();
    if (!world.engine.outputs.hasRoom()) {
      world.log('WARNING', 'A delivery was refused because the outputs of other executions fill the memory', {});
      return comeAgain('This instance has no memory left for outputs', 30);
    }
    const delivered = await deliver(delivery, world);
    return delivered.kind === 'given_back' ? shuttingDownReply() : replyOf(delivered);
  } catch (thrown) {
    return failedReply(thrown, world);
  }
}

function failedReply(thrown: unknown, world: RunnerWorld): RunnerReply {
  if (thrown instanceof BadCall)
    return reply(thrown.status, { success: false, status: 'refused', code: thrown.code, error: thrown.message });
  if (isOutOfReach(thrown)) {
    world.log('ERROR', 'The database is unreachable', { cause: thrown });
    return comeAgain(`The database is unreachable (${thrown.message.replace(/\.$/, '')})`, 30);
  }
  if (thrown instanceof PlaybookError && isFromNewerVersion(thrown)) {
    world.log('ERROR', 'A record was written by a newer version, which must continue it', { cause: thrown });
    return comeAgain(thrown.message.replace(/\.$/, ''), 30);
  }
  world.log('ERROR', 'A delivery could not be answered', { cause: thrown });
  const error = thrown instanceof PlaybookError ? thrown.message : 'Unexpected error; see the log.';
  return reply(500, { success: false, status: 'failed', error });
}

/** The answer of a process that is ending. */
export function shuttingDownReply(): RunnerReply {
  return comeAgain('This runner is shutting down', 1);
}

/** Nothing is lost: repeating the same call later is safe and wanted. */
function comeAgain(why: string, afterSeconds: number): RunnerReply {
  const body = { success: false, status: 'unavailable', error: `${why}; call again.` };
  return reply(503, body, { 'retry-after': String(afterSeconds) });
}
