import { checkSchedule, nextDue } from '#language/playbook/schedule.ts';
import { type Pause, pauseAt, type PlaybookRecord } from '#records/playbooks/playbooks.ts';

/** A playbook and when it is due next. */
export interface Upcoming {
  readonly playbook: PlaybookRecord;
  readonly dueAt: Date;
}

/** A playbook that a person paused, and when it would be due after that; undefined where nobody can tell. */
export interface Paused {
  readonly playbook: PlaybookRecord;
  readonly pause: Pause;
  readonly dueAt: Date | undefined;
}

/** What comes next, the soonest first; and what would come if nobody had said otherwise. */
export interface Plan {
  readonly upcoming: readonly Upcoming[];
  readonly paused: readonly Paused[];
  /** Switched off, though they have a schedule. */
  readonly disabled: readonly PlaybookRecord[];
}

/** The plan of these playbooks at `now`. Those without a schedule, or with one that never comes, are not in it. */
export function planOf(playbooks: readonly PlaybookRecord[], now: Date): Plan {
  const scheduled = playbooks.filter(({ definition }) => definition.schedule !== undefined);
  const enabled = scheduled.filter((playbook) => playbook.enabled);
  return {
    upcoming: enabled
      .filter((playbook) => pauseAt(playbook.pause, now) === null)
      .flatMap((playbook) => {
        const dueAt = dueAfter(playbook, now);
        return dueAt === undefined ? [] : [{ playbook, dueAt }];
      })
      .toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime()),
    paused: enabled.flatMap((playbook) => {
      const pause = pauseAt(playbook.pause, now);
      if (pause === null) return [];
      return [{ playbook, pause, dueAt: pause.until === null ? undefined : dueAfter(playbook, pause.until) }];
    }),
    disabled: scheduled.filter((playbook) => !playbook.enabled),
  };
}

/** A record may hold a schedule that the seed would refuse today. */
function dueAfter({ definition: { schedule } }: PlaybookRecord, after: Date): Date | undefined {
  return schedule === undefined || checkSchedule(schedule).length > 0 ? undefined : nextDue(schedule, after)[0];
}
