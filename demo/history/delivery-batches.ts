import type { PlannedDelivery } from './delivery-plan.ts';
import { troublesAt, type Trouble } from './history-script.ts';

const PARALLEL_DELIVERIES = 8;

/** Deliveries that may run at the same time, and the troubles during them. */
export interface Batch {
  readonly troubles: readonly Trouble[];
  readonly parallel: number;
  readonly deliveries: PlannedDelivery[];
}

/**
 * Deliveries under the same troubles, in chronological order. They may run at the same time, because each only sees its
 * own hour; but during an outage an integration is checked in order, since its failures are counted and the time since
 * its last success is measured.
 */
export function batchesOf(deliveries: readonly PlannedDelivery[], script: readonly Trouble[]): readonly Batch[] {
  const batches: Batch[] = [];
  for (const delivery of deliveries) {
    const troubles = troublesAt(script, delivery.slot);
    const last = batches.at(-1);
    if (last !== undefined && isSame(last.troubles, troubles)) last.deliveries.push(delivery);
    else {
      const parallel = troubles.some(({ kind }) => kind === 'integration_off') ? 1 : PARALLEL_DELIVERIES;
      batches.push({ troubles, parallel, deliveries: [delivery] });
    }
  }
  return batches;
}

function isSame(some: readonly Trouble[], others: readonly Trouble[]): boolean {
  return some.length === others.length && some.every((trouble) => others.includes(trouble));
}
