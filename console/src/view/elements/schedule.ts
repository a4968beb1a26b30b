import cronstrue from 'cronstrue';
import type { Schedule } from '#language/playbook/playbook.ts';
import { nextDue } from '#language/playbook/schedule.ts';
import { visible } from './text.tsx';
import { inZone, zoneWords } from './time.tsx';

const MAX_CHARS = 200;

/** When a playbook is due, as people say it: `Every hour, New York time`. What cannot be read is shown as it is written. */
export function scheduleInWords({ cron, timeZone }: Schedule): string {
  const zone = zoneWords(visible(timeZone).slice(0, MAX_CHARS));
  return `${wordsOf(cron) ?? visible(cron).slice(0, MAX_CHARS)}, ${zone}`;
}

/** The next due instants strictly after `after`, in order; none where the schedule cannot be read. */
export function dueInstants(schedule: Schedule | undefined, after: Date, count: number): readonly Date[] {
  if (schedule === undefined) return [];
  try {
    return nextDue(schedule, after, count);
  } catch {
    return [];
  }
}

/** A due instant as a person in that zone writes it: slots have no seconds. */
export function dueInZone(at: Date, timeZone: string, now: Date): string {
  return inZone(at, timeZone, now).replace(/:\d\d$/, '');
}

function wordsOf(cron: string): string | undefined {
  try {
    const words = cronstrue.toString(cron, { use24HourTimeFormat: true });
    // A cron with days of the month and of the week is due on both kinds of days.
    const said = words.replace(', and on ', ' and also on ').replaceAll(', only ', ' ').replaceAll(', on ', ' on ');
    return inOrder(said);
  } catch {
    return undefined;
  }
}

/** People say the day before the time: `Every Monday at 09:00`. */
function inOrder(said: string): string {
  const [, times, days] = /^At ([\d:]+(?:(?:, | and |, and )[\d:]+)*)(.*)$/.exec(said) ?? [];
  if (days === '') return `Every day at ${times}`;
  const [, range, list] =
    /^(?:, (\w+day through \w+day)| on (\w+day(?:(?:, | and |, and )\w+day)*))$/.exec(days ?? '') ?? [];
  if (range !== undefined) return `${range} at ${times}`;
  return list === undefined ? said : `Every ${list} at ${times}`;
}
