import { cut } from '#core/cut.ts';
import type { Control } from '#records/settings/control.ts';
import type { PlaybookRecord } from '#records/playbooks/playbooks.ts';
import { CsrfField, Empty, Head, Panel } from '#console/view/elements/parts.tsx';
import { shownText, Text, visible } from '#console/view/elements/text.tsx';
import type { ReaderTime } from '#console/view/elements/time.tsx';
import { InputField } from './input-field.tsx';
import type { OutsideEffect } from './outside-effects.ts';
import { playbookHref } from '#console/view/records/playbook-href.ts';
import { PauseWords, stateOf } from '#console/view/records/playbook-state.tsx';
import type { RunDraft, RunProblems } from './run-draft.ts';

/** Everything that the form which runs a playbook shows. */
export interface RunView {
  readonly record: PlaybookRecord;
  readonly control: Control;
  readonly draft: RunDraft;
  readonly problems: RunProblems;
  /** The reader's, where they can be written to. */
  readonly ownAddress: string | undefined;
  /** Addresses and domains that may be written to; empty: any. */
  readonly allowedRecipients: readonly string[];
  readonly effects: readonly OutsideEffect[];
  readonly csrfToken: string;
  readonly time: ReaderTime;
}

/** The form that runs a playbook now, with what it will do to the world outside. */
export const RunPage = ({ view }: { view: RunView }) => {
  const { record, draft, problems, csrfToken } = view;
  const path = playbookHref(record.id);
  const inputs = Object.entries(record.definition.inputs ?? {});
  const wrong = Object.keys(problems.inputs).length + (problems.address === undefined ? 0 : 1);
  return (
    <>
      <Head
        title={
          <>
            Run <Text value={record.name} max={200} /> now
          </>
        }
      >
        <a href={path}>Back to the playbook</a>
      </Head>
      {problems.whole.length + wrong === 0 ? null : (
        <p class="problem" role="alert">
          <strong>Nothing was started.</strong> {visible(cut(problems.whole.join(' '), 1_000))}{' '}
          {wrong === 0 ? '' : 'It says at the fields below what would be right.'}
        </p>
      )}
      <form class="run" method="post" action={`${path}/run`}>
        <CsrfField token={csrfToken} />
        <input type="hidden" name="requestId" value={draft.requestId} />
        <input type="hidden" name="version" value={record.version} />
        <div class="stack">
          {inputs.length === 0 ? null : (
            <Panel title="What it needs to know" id="inputs">
              {inputs.map(([name, input]) => (
                <InputField
                  name={name}
                  input={input}
                  value={Object.hasOwn(draft.inputs, name) ? (draft.inputs[name] ?? '') : ''}
                  problem={Object.hasOwn(problems.inputs, name) ? problems.inputs[name] : undefined}
                />
              ))}
            </Panel>
          )}
          <Recipients view={view} />
        </div>
        <div class="stack">
          <Effects effects={view.effects} />
          <Submit view={view} />
        </div>
      </form>
    </>
  );
};

const Recipients = ({ view: { draft, ownAddress, allowedRecipients, problems } }: { view: RunView }) => (
  <Panel title="Who is told" id="recipients">
    <fieldset>
      <legend class="unseen">Who is told</legend>
      <label class="check">
        <input type="radio" name="recipients" value="playbook" checked={draft.recipients === 'playbook'} />
        As the playbook says
      </label>
      <label class="check">
        <input type="radio" name="recipients" value="me" checked={draft.recipients === 'me'} />
        <span>
          Only me
          {ownAddress === undefined ? null : (
            <>
              {' '}
              (<Text value={ownAddress} max={80} />)
            </>
          )}
        </span>
      </label>
      {ownAddress === undefined ? (
        <div class="field">
          <label for="address">My address, for “only me”</label>
          <input
            type="text"
            inputmode="email"
            id="address"
            name="address"
            value={draft.address}
            maxlength={320}
            autocomplete="email"
            aria-describedby={problems.address === undefined ? undefined : 'address-problem'}
            aria-invalid={problems.address === undefined ? undefined : 'true'}
          />
        </div>
      ) : null}
      {problems.address === undefined ? null : (
        <span class="error" id="address-problem">
          {shownText(problems.address, 300)}
        </span>
      )}
    </fieldset>
    <p class="small muted">
      “Only me” sends every mail to that address alone, and keeps Slack messages here, unsent. Threads are opened all
      the same.
      {ownAddress !== undefined || allowedRecipients.length === 0 ? null : (
        <>
          {' '}
          Playbooks may write to <Text value={allowedRecipients.join(', ')} max={200} /> alone (people.yaml).
        </>
      )}
    </p>
  </Panel>
);

const Effects = ({ effects }: { effects: readonly OutsideEffect[] }) => (
  <Panel title="What it does outside" id="effects">
    {effects.length === 0 ? (
      <Empty>Nothing: it only reads.</Empty>
    ) : (
      <ul class="effects">
        {effects.map(({ words, when }) => (
          <li>
            <Text value={words} max={300} />
            <div class="small muted">
              <Text value={when} max={160} />
            </div>
          </li>
        ))}
      </ul>
    )}
  </Panel>
);

/** The button; where the runner would only record that it skipped, why, and what to do. */
const Submit = ({ view: { record, control, time } }: { view: RunView }) => {
  const state = stateOf(record, time.now);
  if (state.kind === 'enabled' && control.mode === 'run') {
    return (
      <p class="row">
        <button class="primary">Run now</button>
        <span class="small muted">It begins at once; you see it step by step.</span>
      </p>
    );
  }
  return (
    <p class="problem">
      <strong>It would not run.</strong>{' '}
      {state.kind === 'disabled' ? 'The playbook is disabled: enable it first.' : null}
      {state.kind === 'paused' ? (
        <>
          The playbook is paused <PauseWords pause={state.pause} time={time} />. Resume it first.
        </>
      ) : null}
      {state.kind === 'enabled' ? (
        <>
          No playbook begins at the moment: {control.mode}, <Text value={control.reason} max={300} />
        </>
      ) : null}
    </p>
  );
};
