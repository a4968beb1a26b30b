import type { Child } from 'hono/jsx';
import { durationInWords } from '#core/duration.ts';
import type { Failure } from '#core/failure.ts';
import { adviceFor } from '#records/executions/failure-advice.ts';
import { JsonView } from '#console/view/elements/json-view.tsx';
import { Said } from './said.tsx';

/** A failure: what happened, and what to do about it; the evidence is one click away. */
export const FailureBox = ({
  failure,
  id,
  title = 'Failed',
  children,
}: {
  failure: Failure;
  id: string;
  title?: string | undefined;
  children?: Child;
}) => (
  <div class="problem stack" role="group" aria-label="Failure">
    <div class="row spread">
      <strong>
        {title}
        {children}
      </strong>
      <span class="small muted">
        <code>{failure.code}</code> · {failure.class.replace('needs_', 'needs_a_').replaceAll('_', ' ')}
      </span>
    </div>
    <Said text={failure.message} />
    <p>
      <strong>What to do:</strong> {adviceFor(failure.code)}
    </p>
    {failure.retryAfterMs === undefined ? null : (
      <p class="small muted">The other side asked us to wait {durationInWords(failure.retryAfterMs)}.</p>
    )}
    <FailureDetails failure={failure} id={id} />
  </div>
);

const FailureDetails = ({ failure: { details }, id }: { failure: Failure; id: string }) =>
  details === undefined ? null : (
    <details id={`${id}-details`}>
      <summary>Failure details</summary>
      <JsonView value={details} label="Failure details" />
    </details>
  );
