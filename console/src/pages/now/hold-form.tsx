import { CsrfField, Disclosure } from '#console/view/elements/parts.tsx';
import { HOLD_TIMES, HOLDS } from './control-form.ts';

/** The form that pauses all playbooks, behind a button. */
export const HoldForm = ({ csrfToken, label }: { csrfToken: string; label: string }) => (
  <Disclosure id="hold" label={label}>
    <form method="post" action="/control" class="stack">
      <CsrfField token={csrfToken} />
      <Ways />
      <label>
        Reason (recorded with each skipped run)
        <input type="text" name="reason" required maxlength={500} autocomplete="off" />
      </label>
      <label>
        Duration
        <select name="for">
          {Object.entries(HOLD_TIMES).map(([value, name]) => (
            <option value={value}>{name}</option>
          ))}
        </select>
      </label>
      <p class="small muted">
        Executions in progress finish. Skipped runs are not caught up. Takes effect within 15 s.
      </p>
      <div class="row">
        <button class="danger">Pause all playbooks</button>
      </div>
    </form>
  </Disclosure>
);

const Ways = () => (
  <fieldset>
    <legend>Pause all playbooks</legend>
    {Object.entries(HOLDS).map(([mode, { name, means }], index) => (
      <label class="check">
        <input type="radio" name="mode" value={mode} checked={index === 0} required />
        <span>
          {name} <span class="muted small">{means}</span>
        </span>
      </label>
    ))}
  </fieldset>
);
