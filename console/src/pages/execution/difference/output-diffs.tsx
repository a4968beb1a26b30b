import type { Json } from '#core/json.ts';
import type { Execution } from '#engine/record/execution.ts';
import { plural } from '#console/view/elements/figures.tsx';
import { TextDiff } from '#console/view/elements/text-diff.tsx';
import { shownText, Text } from '#console/view/elements/text.tsx';
import { stepHref } from '#console/view/records/execution-href.ts';
import type { NameOf } from './difference-rows.tsx';
import type { OutputDifference } from './differences.ts';

const MAX_OUTPUTS = 60;
const MAX_DIFFS = 5;
const MAX_DIFF_CHARS = 20_000;

interface OutputsProps {
  readonly outputs: readonly OutputDifference[];
  readonly lastGood: Execution;
  readonly execution: Execution;
  readonly nameOf: NameOf;
}

/** The outputs that changed since the last OK execution, the first of them line by line. */
export const OutputDiffs = ({ outputs, lastGood, execution, nameOf }: OutputsProps) => (
  <details id="output-diffs">
    <summary>{plural(outputs.length, 'output')} changed</summary>
    <ul class="stack">
      {outputs.slice(0, MAX_OUTPUTS).map(({ path, before, after }, index) => (
        <li class="stack">
          <p>
            <a href={stepHref(execution.id, path)}>
              <Text value={nameOf(path)} max={80} />
            </a>{' '}
            <a class="small muted" href={stepHref(lastGood.id, path)}>
              last OK
            </a>
          </p>
          {index < MAX_DIFFS && before !== undefined && after !== undefined ? (
            <OutputDiff path={path} before={before} after={after} />
          ) : null}
        </li>
      ))}
    </ul>
  </details>
);

const OutputDiff = ({ path, before, after }: { path: string; before: Json; after: Json }) => {
  const [old, now] = [JSON.stringify(before, undefined, 2), JSON.stringify(after, undefined, 2)];
  if (Math.max(old.length, now.length) > MAX_DIFF_CHARS) {
    return <p class="muted small">Too long to compare here.</p>;
  }
  return <TextDiff before={old} after={now} label={`What changed in the output of ${shownText(path, 60)}`} />;
};
