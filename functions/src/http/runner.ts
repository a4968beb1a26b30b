import type { Clock } from '#core/clock.ts';
import { isFromNewerVersion, PlaybookError } from '#core/failure.ts';
import type { Engine } from '#engine/state/run-state.ts';
import type { Log } from '#ports/log.ts';
import { isOutOfReach } from '#records/store/reachable.ts';
import { isKnownCaller } from './authorise.ts';
import type { Callers } from './authorise.ts';
import { deliver } from './deliver.ts';
import type { DeliveryWorld } from './deliver.ts';
import { readDelivery } from './delivery.ts';
import { BadCall } from './request.ts';
import type { RunnerReply, RunnerRequest } from './request.ts';
import { reply, replyOf } from './runner-reply.ts';

/** What the runner needs of the product around it. */
export interface RunnerWorld extends DeliveryWorld {
  readonly clock: Clock;
  readonly callers: Callers;
  readonly engine: Engine;
  readonly log: Log;
}

/**
 * Answers one delivery. Cloud Scheduler takes 2xx for done and repeats a call that was answered otherwise: a slot that failed
 * is then answered from its record, and 503 (the database is out of reach, this process ends or is full, a newer version wrote
 * the record) means that a repetition is safe and wanted.
 */
export async function answerDelivery(request: RunnerRequest, world: RunnerWorld): Promise<RunnerReply> {
  if (request.method !== 'POST') {
    return reply(405, { success: false, status: 'refused', error: 'Only POST is answered here.' }, { allow: 'POST' });
  }
  if (!(await isKnownCaller(request, world.callers))) {
    return reply(401, { success: false, status: 'refused', error: 'Unauthorized' });
  }
  try {
    const delivery = await readDelivery(request, world.clock.now());
    if (world.engine.shutdown?.begun.aborted === true) return shuttingDownReply();
    if (!world.engine.outputs.hasRoom()) {
      world.log('WARNING', 'A delivery was refused, because the outputs of other executions fill the memory', {});
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
    world.log('ERROR', 'The database is out of reach', { cause: thrown });
    return comeAgain(`The database is out of reach (${thrown.message.replace(/\.$/, '')})`, 30);
  }
  if (thrown instanceof PlaybookError && isFromNewerVersion(thrown)) {
    world.log('ERROR', 'A record was written by a newer version, which has to go on with it', { cause: thrown });
    return comeAgain(thrown.message.replace(/\.$/, ''), 30);
  }
  world.log('ERROR', 'A delivery could not be answered', { cause: thrown });
  const error = thrown instanceof PlaybookError ? thrown.message : 'Unexpected error; see the log.';
  return reply(500, { success: false, status: 'failed', error });
}

/** The answer of a process that ends. */
export function shuttingDownReply(): RunnerReply {
  return comeAgain('This runner is shutting down', 1);
}

/** Nothing is lost: the same call is safe and wanted, in a while. */
function comeAgain(why: string, afterSeconds: number): RunnerReply {
  const body = { success: false, status: 'unavailable', error: `${why}; call again.` };
  return reply(503, body, { 'retry-after': String(afterSeconds) });
}
