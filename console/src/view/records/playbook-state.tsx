import { type Pause, pauseAt, type PlaybookRecord } from '#records/playbooks/playbooks.ts';
import { dueInstants } from '../elements/schedule.ts';
import { Badge } from '../elements/status.tsx';
import { Text } from '../elements/text.tsx';
import { Time, type ReaderTime } from '../elements/time.tsx';

/** Whether a playbook runs at a moment. One that is disabled does not run when its pause ends, either. */
export type PlaybookState =
  { readonly kind: 'enabled' } | { readonly kind: 'disabled' } | { readonly kind: 'paused'; readonly pause: Pause };

type Switches = Pick<PlaybookRecord, 'enabled' | 'pause'>;

/** How a playbook stands at `now`. */
export function stateOf({ enabled, pause }: Switches, now: Date): PlaybookState {
  if (!enabled) return { kind: 'disabled' };
  const held = pauseAt(pause, now);
  return held === null ? { kind: 'enabled' } : { kind: 'paused', pause: held };
}

/** The next instant at which its schedule runs it; undefined where nobody knows one. */
export function nextRun(record: Switches & Pick<PlaybookRecord, 'definition'>, now: Date): Date | undefined {
  const state = stateOf(record, now);
  if (state.kind === 'disabled' || (state.kind === 'paused' && state.pause.until === null)) return undefined;
  // A slot at the very end of a pause runs.
  const after = state.kind === 'paused' && state.pause.until !== null ? state.pause.until.getTime() - 1 : now.getTime();
  return dueInstants(record.definition.schedule, new Date(after), 1)[0];
}

/** How a playbook stands, in a word. */
export const StateBadge = ({ state }: { state: PlaybookState }) => {
  switch (state.kind) {
    case 'enabled':
      return (
        <Badge tone="ok" sign="✓">
          enabled
        </Badge>
      );
    case 'disabled':
      return (
        <Badge tone="quiet" sign="–">
          disabled
        </Badge>
      );
    case 'paused':
      return (
        <Badge tone="warn" sign="‖">
          paused
        </Badge>
      );
  }
};

/** Until when, by whom and why it is paused. */
export const PauseWords = ({ pause: { until, by, reason }, time }: { pause: Pause; time: ReaderTime }) => (
  <>
    {until === null ? (
      'until resumed'
    ) : (
      <>
        until <Time at={until} {...time} absolute />
      </>
    )}
    , by <Text value={by} max={80} />: <Text value={reason} max={300} />
  </>
);
