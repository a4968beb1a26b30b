import { Panel } from '#console/view/elements/parts.tsx';
import { shownText, Text } from '#console/view/elements/text.tsx';
import type { RunView } from './run-view.ts';

/** Who gets the messages of the execution: the recipients of the playbook, or only the reader. */
export const RunRecipients = ({ view }: { view: RunView }) => (
  <Panel title="Recipients" id="recipients">
    <fieldset>
      <legend class="unseen">Recipients</legend>
      <Choices view={view} />
      {view.ownAddress === undefined ? <Address view={view} /> : null}
      {view.problems.address === undefined ? null : (
        <span class="error" id="address-problem">
          {shownText(view.problems.address, 300)}
        </span>
      )}
    </fieldset>
    <p class="small muted">
      “Only me” sends every mail to that address only and keeps Slack messages here, unsent. Threads are still opened.
      <Allowed view={view} />
    </p>
  </Panel>
);

const Choices = ({ view: { draft, ownAddress } }: { view: RunView }) => (
  <>
    <label class="check">
      <input type="radio" name="recipients" value="playbook" checked={draft.recipients === 'playbook'} />
      As defined
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
  </>
);

const Address = ({ view: { draft, problems } }: { view: RunView }) => (
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
);

const Allowed = ({ view: { ownAddress, allowedRecipients } }: { view: RunView }) =>
  ownAddress !== undefined || allowedRecipients.length === 0 ? null : (
    <>
      {' '}
      people.yaml allows mail only to <Text value={allowedRecipients.join(', ')} max={200} />.
    </>
  );
