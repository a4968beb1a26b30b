import type { Control } from '#records/settings/control.ts';
import { may, rolesThatMay } from '#console/access/roles.ts';
import { CsrfField, Panel } from '#console/view/elements/parts.tsx';
import { Text } from '#console/view/elements/text.tsx';
import { Time, type ReaderTime } from '#console/view/elements/time.tsx';
import { found, type Part } from '#console/view/frame/part.ts';
import { Problem } from '#console/view/frame/problem.tsx';
import type { Person } from '#console/world/console-env.ts';
import { HOLDS } from './control-form.ts';
import { HoldForm } from './hold-form.tsx';

interface ControlProps {
  readonly control: Part<Control>;
  readonly person: Person;
  readonly csrfToken: string;
  readonly time: ReaderTime;
}

/** Whether all playbooks are paused, and the forms to change it for those who may. */
export const ControlPanel = ({ control: part, person, csrfToken, time }: ControlProps) => {
  const control = found(part);
  const arePaused = control?.mode !== 'run';
  return (
    <Panel title="All playbooks" id="control">
      <Problem part={part} />
      {control === undefined ? null : <State control={control} time={time} />}
      {may(person.role, 'change_control') ? (
        <div class="row">
          {arePaused ? <Resume csrfToken={csrfToken} /> : null}
          <HoldForm csrfToken={csrfToken} label={arePaused ? 'Change the pause…' : 'Pause all playbooks…'} />
        </div>
      ) : (
        <p class="small muted">{`Pausing all playbooks requires the role ${rolesThatMay('change_control').join(' or ')}.`}</p>
      )}
    </Panel>
  );
};

const State = ({ control, time }: { control: Control; time: ReaderTime }) =>
  control.mode === 'run' ? (
    <p>All schedules are active.</p>
  ) : (
    <p>
      <strong class="tone-warn">{HOLDS[control.mode].state}</strong>: executions in progress finish, no new ones start.
      Reason: <Text value={control.reason} max={500} />{' '}
      <span class="muted">
        (<Text value={control.by} max={80} />
        {control.until === null ? null : (
          <>
            , until <Time at={control.until} {...time} absolute />
          </>
        )}
        )
      </span>
    </p>
  );

const Resume = ({ csrfToken }: { csrfToken: string }) => (
  <form method="post" action="/control">
    <CsrfField token={csrfToken} />
    <input type="hidden" name="mode" value="run" />
    <button class="primary">Resume all playbooks</button>
  </form>
);
