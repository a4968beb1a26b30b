import { cut } from '#core/cut.ts';
import { stepUnderWay } from '#engine/record/step-under-way.ts';
import type { SeenRunning } from '#records/executions/seen-execution.ts';
import { silenceAdvice } from '#records/executions/silence-advice.ts';
import { may, rolesThatMay } from '#console/access/roles.ts';
import { CsrfField, Disclosure } from '#console/view/elements/parts.tsx';
import { ReloadAt } from '#console/view/elements/reload-at.tsx';
import { Text, visible } from '#console/view/elements/text.tsx';
import { Time, type ReaderTime } from '#console/view/elements/time.tsx';
import type { EndingForm } from './ending-form.ts';
import { executionHref, stepHref } from '#console/view/records/execution-href.ts';

/** What a silent runner means for an execution, and the form that ends it. Nothing while the runner is alive. */
export const SilencePanel = ({
  execution,
  form,
  time,
}: {
  execution: SeenRunning;
  form: EndingForm;
  time: ReaderTime;
}) => {
  const { silentSince, pastDeadline, deadlineAt, leaseUntil, leaseGivenBack } = execution;
  if (silentSince === null) return <ReloadAt at={leaseUntil} />;
  return (
    <section class={pastDeadline ? 'problem stack' : 'hint stack'} id="silence" aria-label="Runner silent">
      <p>
        <strong>
          Runner silent since <Time at={silentSince} {...time} absolute />
        </strong>{' '}
        (<Time at={silentSince} {...time} />
        <Where execution={execution} />
        ). {leaseGivenBack ? 'It shut down cleanly and released the execution. ' : null}
        {pastDeadline ? 'Its deadline passed ' : 'Its deadline is '}
        <Time at={deadlineAt} {...time} />. {silenceAdvice(execution)}
      </p>
      {pastDeadline ? null : <ReloadAt at={deadlineAt} />}
      <EndForm execution={execution} form={form} />
    </section>
  );
};

const Where = ({ execution }: { execution: SeenRunning }) => {
  const step = stepUnderWay(Object.values(execution.steps));
  if (step === undefined) return null;
  return (
    <>
      , in step{' '}
      <a href={stepHref(execution.id, step)}>
        <Text value={step} max={80} />
      </a>
    </>
  );
};

const EndForm = ({
  execution: { id },
  form: { person, csrfToken, refused },
}: {
  execution: SeenRunning;
  form: EndingForm;
}) => {
  if (!may(person.role, 'end_execution')) {
    return (
      <p class="small muted">
        Ending it requires the role {rolesThatMay('end_execution').join(' or ')}; yours is {person.role}.
      </p>
    );
  }
  return (
    <Disclosure id="end" label="End execution…" open={refused !== undefined}>
      <form class="stack" method="post" action={executionHref(id, '/end')}>
        <CsrfField token={csrfToken} />
        <Refused form={{ refused }} />
        <p class="small muted">
          This permanently records it as failed. Whether the effect of the current step happened is unknown: check
          before you run the playbook again.
        </p>
        <label>
          Reason (visible to others)
          <textarea name="reason" maxlength={500} required>
            {`\n${refused?.reason ?? ''}`}
          </textarea>
        </label>
        <p>
          <button class="danger">End as failed</button>
        </p>
      </form>
    </Disclosure>
  );
};

/** Why nothing was changed: in the form, or on the page where the form is gone. */
export const Refused = ({ form: { refused } }: { form: Pick<EndingForm, 'refused'> }) =>
  refused === undefined ? null : (
    <p class="problem" role="alert">
      <strong>Not ended.</strong> {visible(cut(refused.message, 1_000))}
    </p>
  );
