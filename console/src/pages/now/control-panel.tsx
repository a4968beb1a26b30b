import type { Control } from '#records/settings/control.ts';
import type { Person } from '#console/world/console-env.ts';
import { may, rolesThatMay } from '#console/access/roles.ts';
import { CsrfField, Disclosure, Panel } from '#console/view/elements/parts.tsx';
import { Text } from '#console/view/elements/text.tsx';
import { Time, type ReaderTime } from '#console/view/elements/time.tsx';
import { found, type Part } from '#console/view/frame/part.ts';
import { Problem } from '#console/view/frame/problem.tsx';
import { HOLD_TIMES, HOLDS } from './control-form.ts';

/** What holds for all playbooks, and the way to say otherwise for those who may. */
export const ControlPanel = ({
  control: part,
  person,
  csrfToken,
  time,
}: {
  control: Part<Control>;
  person: Person;
  csrfToken: string;
  time: ReaderTime;
}) => {
  const control = found(part);
  const isHeld = control?.mode !== 'run';
  return (
    <Panel title="All playbooks" id="control">
      <Problem part={part} />
      {control === undefined ? null : <Said control={control} time={time} />}
      {may(person.role, 'change_control') ? (
        <div class="row">
          {isHeld ? <Resume csrfToken={csrfToken} /> : null}
          <Hold csrfToken={csrfToken} label={isHeld ? 'Hold them in another way…' : 'Hold all playbooks…'} />
        </div>
      ) : (
        <p class="small muted">{`To hold all playbooks takes the role ${rolesThatMay('change_control').join(' or ')}.`}</p>
      )}
    </Panel>
  );
};

const Said = ({ control, time }: { control: Control; time: ReaderTime }) =>
  control.mode === 'run' ? (
    <p>Playbooks begin as they are scheduled.</p>
  ) : (
    <p>
      <strong class="tone-warn">{HOLDS[control.mode].state}</strong>: no playbook begins; what runs may end. Reason:{' '}
      <Text value={control.reason} max={500} />{' '}
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
    <button class="primary">Let playbooks run again</button>
  </form>
);

const Hold = ({ csrfToken, label }: { csrfToken: string; label: string }) => (
  <Disclosure id="hold" label={label}>
    <form method="post" action="/control" class="stack">
      <CsrfField token={csrfToken} />
      <fieldset>
        <legend>From now on no playbook begins</legend>
        {Object.entries(HOLDS).map(([mode, { name, means }], index) => (
          <label class="check">
            <input type="radio" name="mode" value={mode} checked={index === 0} required />
            <span>
              {name} <span class="muted small">{means}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <label>
        Reason, for the records of what is skipped
        <input type="text" name="reason" required maxlength={500} autocomplete="off" />
      </label>
      <label>
        For how long
        <select name="for">
          {Object.entries(HOLD_TIMES).map(([value, name]) => (
            <option value={value}>{name}</option>
          ))}
        </select>
      </label>
      <p class="small muted">
        What runs goes on to its end. Slots that fall due meanwhile are recorded as skipped, and are not made up for. It
        holds within 15 seconds.
      </p>
      <div class="row">
        <button class="danger">Hold all playbooks</button>
      </div>
    </form>
  </Disclosure>
);
