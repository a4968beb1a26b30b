import { cut } from '#core/cut.ts';
import { CsrfField, Head, Panel } from '#console/view/elements/parts.tsx';
import { Text, visible } from '#console/view/elements/text.tsx';
import { playbookHref } from '#console/view/records/playbook-href.ts';
import { InputField } from './input-field.tsx';
import { RunEffects } from './run-effects.tsx';
import { RunRecipients } from './run-recipients.tsx';
import { RunSubmit } from './run-submit.tsx';
import type { RunView } from './run-view.ts';

/** The form that runs a playbook now, with its effects on the outside world. */
export const RunPage = ({ view }: { view: RunView }) => {
  const { record, draft, csrfToken } = view;
  const path = playbookHref(record.id);
  const title = (
    <>
      Run <Text value={record.name} max={200} /> now
    </>
  );
  return (
    <>
      <Head title={title}>
        <a href={path}>Back to the playbook</a>
      </Head>
      <Refusal view={view} />
      <form class="run" method="post" action={`${path}/run`}>
        <CsrfField token={csrfToken} />
        <input type="hidden" name="requestId" value={draft.requestId} />
        <input type="hidden" name="version" value={record.version} />
        <div class="stack">
          <Inputs view={view} />
          <RunRecipients view={view} />
        </div>
        <div class="stack">
          <RunEffects effects={view.effects} />
          <RunSubmit view={view} />
        </div>
      </form>
    </>
  );
};

const Refusal = ({ view: { problems } }: { view: RunView }) => {
  const hasMarks = Object.keys(problems.inputs).length > 0 || problems.address !== undefined;
  if (problems.whole.length === 0 && !hasMarks) return null;
  return (
    <p class="problem" role="alert">
      <strong>Nothing was started.</strong> {visible(cut(problems.whole.join(' '), 1_000))}{' '}
      {hasMarks ? 'Fix the fields marked below.' : ''}
    </p>
  );
};

const Inputs = ({ view: { record, draft, problems } }: { view: RunView }) => {
  const inputs = Object.entries(record.definition.inputs ?? {});
  if (inputs.length === 0) return null;
  return (
    <Panel title="Inputs" id="inputs">
      {inputs.map(([name, input]) => (
        <InputField
          name={name}
          input={input}
          value={Object.hasOwn(draft.inputs, name) ? (draft.inputs[name] ?? '') : ''}
          problem={Object.hasOwn(problems.inputs, name) ? problems.inputs[name] : undefined}
        />
      ))}
    </Panel>
  );
};
