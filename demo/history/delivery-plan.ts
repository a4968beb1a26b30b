import type { Playbook, Schedule } from '#language/playbook/playbook.ts';
import { nextDue } from '#language/playbook/schedule.ts';
import { firstSlots } from './first-slots.ts';
import { openRandom, seedOf } from '../company/random.ts';

/** One call of the runner as Cloud Scheduler would have made it: for a slot, a little later. */
export interface PlannedDelivery {
  readonly playbookId: string;
  readonly slot: Date;
  readonly deliveredAt: Date;
}

const SLOTS_AT_ONCE = 200;
const LEAST_LATE_MS = 2_000;
const MOST_LATE_MS = 58_000;

/**
 * Every slot of the schedules in [from, now), ordered by delivery time, without those that a start at `now` would run
 * for real. The same slot always has the same delay: mostly seconds, sometimes most of a minute.
 */
export function deliveryPlan(
  playbooks: readonly Pick<Playbook, 'id' | 'schedule'>[],
  { from, now }: { readonly from: Date; readonly now: Date },
): readonly PlannedDelivery[] {
  return playbooks
    .flatMap(({ id, schedule }) => {
      if (schedule === undefined) return [];
      const [end = now] = firstSlots(schedule, now);
      return slotsIn(schedule, from, end).map((slot) => ({
        playbookId: id,
        slot,
        deliveredAt: new Date(slot.getTime() + lateMs(id, slot)),
      }));
    })
    .toSorted((a, b) => a.deliveredAt.getTime() - b.deliveredAt.getTime());
}

/** The slots in [from, end). */
function slotsIn(schedule: Schedule, from: Date, end: Date): readonly Date[] {
  const slots: Date[] = [];
  for (let after = new Date(from.getTime() - 1); ;) {
    const next = nextDue(schedule, after, SLOTS_AT_ONCE);
    slots.push(...next.filter((slot) => slot < end));
    const last = next.at(-1);
    if (last === undefined || last >= end || next.length < SLOTS_AT_ONCE) return slots;
    after = last;
  }
}

function lateMs(playbookId: string, slot: Date): number {
  const random = openRandom(seedOf(`${playbookId} ${slot.toISOString()}`));
  return Math.round(LEAST_LATE_MS + random.next() ** 3 * (MOST_LATE_MS - LEAST_LATE_MS));
}
