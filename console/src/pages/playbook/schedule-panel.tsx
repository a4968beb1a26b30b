import type { Schedule } from '#language/playbook/playbook.ts';
import { pauseAt } from '#records/playbooks/playbooks.ts';
import { Empty, Panel, Table } from '#console/view/elements/parts.tsx';
import { dueInstants, dueInZone, scheduleInWords } from '#console/view/elements/schedule.ts';
import { shownText } from '#console/view/elements/text.tsx';
import { relative } from '#console/view/elements/relative.ts';
import { Time, zoneName, type ReaderTime } from '#console/view/elements/time.tsx';
import { nextRun, stateOf, type PlaybookState } from '#console/view/records/playbook-state.tsx';
import type { PlaybookView } from './playbook-view.ts';

const SHOWN = 10;

/** When it is due: in words, as written, and the next ten runs in its time zone and the reader's. */
export const SchedulePanel = ({ record, time }: Pick<PlaybookView, 'record' | 'time'>) => {
  const { schedule } = record.definition;
  if (schedule === undefined) {
    return (
      <Panel title="Schedule" id="schedule">
        <Empty>No schedule: it runs when someone starts it.</Empty>
      </Panel>
    );
  }
  const due = dueInstants(schedule, time.now, SHOWN);
  const next = nextRun(record, time.now);
  return (
    <Panel
      title="Schedule"
      id="schedule"
      aside={
        next === undefined ? undefined : (
          <>
            next <Time at={next} {...time} />
          </>
        )
      }
    >
      <p>
        <strong>{scheduleInWords(schedule)}</strong>
        <br />
        <code>{shownText(schedule.cron, 200)}</code>{' '}
        <span class="muted">
          in <bdi>{shownText(schedule.timeZone, 100)}</bdi>
        </span>
      </p>
      {due.length === 0 ? (
        <p class="problem">This schedule is invalid or never due. Fix the file, then seed it.</p>
      ) : (
        <NextDue schedule={schedule} due={due} state={stateOf(record, time.now)} time={time} />
      )}
    </Panel>
  );
};

const NextDue = ({
  schedule,
  due,
  state,
  time,
}: {
  schedule: Schedule;
  due: readonly Date[];
  state: PlaybookState;
  time: ReaderTime;
}) => {
  const zones = [...new Set([schedule.timeZone, time.timeZone])];
  const rows = due.map((at, index) => ({
    at,
    skip: skipWord(state, at),
    changes: zones.flatMap((zone) => clockChange(zone, due[index - 1] ?? time.now, at)),
  }));
  const hasNotes = rows.some(({ skip, changes }) => skip !== undefined || changes.length > 0);
  return (
    <Table
      label="Next 10 runs"
      columns={[...zones.map((zone) => `In ${zoneName(zone)}`), ...(hasNotes ? ['Note'] : [])]}
      rows={rows.map(({ at, skip, changes }) => ({
        key: `due-${at.toISOString()}`,
        cells: [
          ...zones.map((zone) => (
            <time class="nowrap" datetime={at.toISOString()} title={relative(at, time.now)}>
              {dueInZone(at, zone, time.now)}
            </time>
          )),
          ...(hasNotes ? [<span class="small">{[skip, ...changes].filter(Boolean).join('; ')}</span>] : []),
        ],
      }))}
    />
  );
};

function skipWord(state: PlaybookState, at: Date): string | undefined {
  if (state.kind === 'disabled') return 'skipped: disabled';
  if (state.kind === 'enabled') return undefined;
  return pauseAt(state.pause, at) === null ? undefined : 'skipped: paused';
}

/** Says so where the clocks of a zone were put forward or back between two instants. */
function clockChange(zone: string, from: Date, to: Date): readonly string[] {
  const [before, after] = [offsetIn(zone, from), offsetIn(zone, to)];
  return before === after ? [] : [`clocks change in ${zoneName(zone)} before this run: ${before} → ${after}`];
}

function offsetIn(timeZone: string, at: Date): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'shortOffset' }).formatToParts(at);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
}
