import { randomUUID } from 'node:crypto';
import type { Clock } from '#core/clock.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { controlAt, loadControl } from '#records/settings/control.ts';
import { documentSettings } from '#records/settings/settings.ts';
import { type Catalog, catalog as productCatalog } from '#functions/catalog.ts';
import type { ConsoleWorld, RunRequest } from '#console/world/world.ts';

/** A world whose runner only notes what it was asked for. */
export function testWorld({
  documents,
  clock,
  requested,
  catalog = productCatalog,
}: {
  readonly documents: Documents;
  readonly clock: Clock;
  readonly requested: RunRequest[];
  readonly catalog?: Catalog | undefined;
}): ConsoleWorld {
  return {
    documents,
    clock,
    settings: documentSettings(documents, clock),
    log: () => undefined,
    newId: randomUUID,
    catalog,
    loadControl: async () => controlAt(await loadControl(documents), clock.now()),
    countAwaiting: async () => 0,
    requestExecution: async (request) => void requested.push(request),
  };
}
