import { Text } from '#console/view/elements/text.tsx';
import { PauseWords, stateOf } from '#console/view/records/playbook-state.tsx';
import type { RunView } from './run-view.ts';

/** The button; where the runner would only record a skip, why, and what to do. */
export const RunSubmit = ({ view }: { view: RunView }) => {
  const { record, control, time } = view;
  const state = stateOf(record, time.now);
  if (state.kind === 'enabled' && control.mode === 'run') return <Button />;
  return (
    <p class="problem">
      <strong>It cannot run now.</strong>{' '}
      {state.kind === 'disabled' ? 'The playbook is disabled: enable it first.' : null}
      {state.kind === 'paused' ? (
        <>
          The playbook is paused <PauseWords pause={state.pause} time={time} />. Resume it first.
        </>
      ) : null}
      {state.kind === 'enabled' ? (
        <>
          All playbooks are paused ({control.mode}): <Text value={control.reason} max={300} />
        </>
      ) : null}
    </p>
  );
};

const Button = () => (
  <p class="row">
    <button class="primary">Run now</button>
    <span class="small muted">Starts immediately.</span>
  </p>
);
