import { cut } from '#core/cut.ts';
import type { Child } from 'hono/jsx';
import { may, rolesThatMay } from '#console/access/roles.ts';
import { CsrfField, Disclosure } from '#console/view/elements/parts.tsx';
import { visible } from '#console/view/elements/text.tsx';
import { zoneName } from '#console/view/elements/time.tsx';
import { playbookHref } from '#console/view/records/playbook-href.ts';
import { stateOf } from '#console/view/records/playbook-state.tsx';
import type { PlaybookView, Switch, SwitchDraft } from './playbook-view.ts';

const EMPTY: SwitchDraft = { reason: '', end: 'hour', until: '' };

/** When a pause may end, as the form offers it. */
export const PAUSE_ENDS = {
  hour: 'In 1 hour',
  morning: 'Tomorrow at 9:00',
  week: 'In 1 week',
  resumed: 'When someone resumes it',
  at: 'At this time:',
} as const;

/** The actions on a playbook that the reader's role allows. */
export const Actions = ({ view }: { view: PlaybookView }) => {
  const { record, person, time, id } = view;
  const state = stateOf(record, time.now);
  const mayPause = may(person.role, 'pause_playbook');
  return (
    <>
      {may(person.role, 'run_playbook') ? (
        <a class="button primary" href={playbookHref(id, '/run')}>
          Run now…
        </a>
      ) : (
        <span class="small muted">
          Running or pausing it requires the role {rolesThatMay('run_playbook').join(' or ')}; yours is {person.role}.
        </span>
      )}
      {mayPause && state.kind === 'enabled' ? <PauseForm view={view} /> : null}
      {mayPause && state.kind === 'paused' ? (
        <form method="post" action={playbookHref(id, '/resume')}>
          <CsrfField token={view.csrfToken} />
          <button>Resume</button>
        </form>
      ) : null}
      {may(person.role, 'switch_playbook') ? <EnabledForm view={view} /> : null}
    </>
  );
};

const PauseForm = ({ view }: { view: PlaybookView }) => {
  const draft = draftOf(view, 'pause');
  return (
    <SwitchForm view={view} name="pause" label="Pause…" open={isRefused(view, 'pause')}>
      <p class="small muted">Scheduled runs are skipped; the current one finishes.</p>
      <Reason draft={draft} />
      <fieldset>
        <legend>Resume</legend>
        {Object.entries(PAUSE_ENDS).map(([end, words]) => (
          <label class="check">
            <input type="radio" name="end" value={end} checked={end === draft.end} />
            {words}
          </label>
        ))}
        <input
          type="datetime-local"
          name="until"
          value={draft.until}
          aria-label={`Resume at, in ${zoneName(view.time.timeZone)} time`}
        />
        <span class="small muted">Times in {zoneName(view.time.timeZone)}</span>
      </fieldset>
      <p>
        <button class="primary">Pause playbook</button>
      </p>
    </SwitchForm>
  );
};

const EnabledForm = ({ view }: { view: PlaybookView }) => {
  const name = view.record.enabled ? 'disable' : 'enable';
  return (
    <SwitchForm
      view={view}
      name={name}
      label={name === 'disable' ? 'Disable…' : 'Enable…'}
      open={isRefused(view, name)}
    >
      <p class="small muted">
        {name === 'disable'
          ? 'It does not run until someone enables it; seeding enables it only if its file now says so. To stop it for a while, pause it instead.'
          : 'It runs again from its next scheduled slot on.'}
      </p>
      <Reason draft={draftOf(view, name)} />
      <p>
        <button class={name === 'disable' ? 'danger' : 'primary'}>
          {name === 'disable' ? 'Disable playbook' : 'Enable playbook'}
        </button>
      </p>
    </SwitchForm>
  );
};

const SwitchForm = ({
  view,
  name,
  label,
  open,
  children,
}: {
  view: PlaybookView;
  name: Switch;
  label: string;
  open: boolean;
  children: Child;
}) => (
  <Disclosure id={name} label={label} open={open}>
    <form class="stack" method="post" action={playbookHref(view.id, `/${name}`)}>
      <CsrfField token={view.csrfToken} />
      {open ? <Problem view={view} /> : null}
      {children}
    </form>
  </Disclosure>
);

/** Why nothing was changed: in the form, which covers the page, or on the page where the form is gone. */
export const Problem = ({ view: { refused } }: { view: PlaybookView }) =>
  refused === undefined ? null : (
    <p class="problem" role="alert">
      <strong>Nothing was changed.</strong> {visible(cut(refused.message, 1_000))}
    </p>
  );

/** Whether the page shows the form that was refused. */
export function hasRefusedForm({ refused, record, time }: PlaybookView): boolean {
  switch (refused?.switch) {
    case 'pause':
      return stateOf(record, time.now).kind === 'enabled';
    case 'enable':
      return !record.enabled;
    case 'disable':
      return record.enabled;
    case 'resume':
    case undefined:
      return false;
  }
}

const Reason = ({ draft }: { draft: SwitchDraft }) => (
  <label>
    Reason (visible to others)
    <textarea name="reason" maxlength={500} required>
      {`\n${draft.reason}`}
    </textarea>
  </label>
);

function isRefused({ refused }: PlaybookView, name: Switch): boolean {
  return refused?.switch === name;
}

function draftOf({ refused }: PlaybookView, name: Switch): SwitchDraft {
  return refused?.switch === name ? refused.written : EMPTY;
}
