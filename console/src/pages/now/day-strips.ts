import type { PlaybookRecord } from '#records/playbooks/playbooks.ts';
import { cellsOf, countOf, sumOf, type HourCell, type Outcomes, type PlaybookHours } from './playbook-hours.ts';

/** The last 24 hours of one playbook. */
export interface DayStrip {
  readonly playbookId: string;
  readonly name: string;
  readonly cells: readonly HourCell[];
  readonly total: Outcomes;
}

/**
 * The last 24 hours of each playbook, by name, with those that never ran; and of what is no playbook any more where it ran
 * in that time.
 */
export function dayStrips(
  playbooks: readonly PlaybookRecord[],
  hours: readonly PlaybookHours[],
  now: Date,
): readonly DayStrip[] {
  const byId = new Map(hours.map((one) => [one.playbookId, one.hours]));
  const names = new Map(playbooks.map(({ id, name }) => [id, name]));
  return [...new Set([...names.keys(), ...byId.keys()])]
    .map((playbookId) => {
      const cells = cellsOf(byId.get(playbookId) ?? {}, now);
      return { playbookId, name: names.get(playbookId) ?? playbookId, cells, total: sumOf(cells) };
    })
    .filter(({ playbookId, total }) => names.has(playbookId) || countOf(total) > 0)
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
}
