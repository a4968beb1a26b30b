import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../functions/src/engine/clock.ts';
import type { Documents } from '../../../functions/src/ports/documents.ts';
import { loadControl } from '../../../functions/src/records/control.ts';
import { documentSettings } from '../../../functions/src/records/settings.ts';
import type { ConsoleWorld, RunRequest } from '../world.ts';

/** A world whose runner only notes what it was asked for. */
export function testWorld({
  documents,
  clock,
  requested,
}: {
  readonly documents: Documents;
  readonly clock: Clock;
  readonly requested: RunRequest[];
}): ConsoleWorld {
  return {
    documents,
    clock,
    settings: documentSettings(documents, clock),
    log: () => undefined,
    newId: randomUUID,
    loadControl: () => loadControl(documents),
    countAwaiting: async () => 0,
    requestExecution: async (request) => void requested.push(request),
  };
}
