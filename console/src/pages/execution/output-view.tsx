import { startOf } from '#core/cut.ts';
import type { Attempt } from '#engine/record/attempt.ts';
import { isJsonObject, type Json } from '#core/json.ts';
import { bytes } from '#console/view/elements/figures.tsx';
import { JsonView } from '#console/view/elements/json-view.tsx';
import { Markdown } from '#console/view/elements/markdown.tsx';
import { Text, visible } from '#console/view/elements/text.tsx';
import type { ReportOutput } from '#steps/definition/step-view.ts';

type Succeeded = Extract<Attempt, { status: 'succeeded' }>;

/** The output of an attempt: a report as text, everything else as data, only the first part of a large one. */
export const OutputView = ({
  attempt,
  readAs,
  wholeHref,
}: {
  attempt: Succeeded;
  readAs: ReportOutput | undefined;
  wholeHref: string;
}) => {
  const { output, outputRef, normalised } = attempt;
  const report = outputRef === undefined ? reportIn(output, readAs) : undefined;
  return (
    <div class="stack">
      <div class="row spread">
        <h3>Output</h3>
        <a class="small" href={wholeHref} download="">
          Download
        </a>
      </div>
      {outputRef === undefined ? null : <Beginning of={outputRef} />}
      {report === undefined ? (
        <JsonView value={output} label="Output" wholeHref={wholeHref} />
      ) : (
        <>
          <Report {...report} />
          <details id="output-json">
            <summary>Output as JSON</summary>
            <JsonView value={output} label="Output as JSON" wholeHref={wholeHref} />
          </details>
        </>
      )}
      {normalised === undefined ? null : <Notes notes={normalised} />}
    </div>
  );
};

/** The first part of an output that is stored next to the record. */
const Beginning = ({ of: { bytes: size, sha256, preview } }: { of: NonNullable<Succeeded['outputRef']> }) => (
  <>
    <p class="muted small">
      The first part of {bytes(size)}, which are stored next to the record. SHA-256 <code>{sha256.slice(0, 16)}…</code>
    </p>
    <pre tabindex={0} role="region" aria-label="The beginning of the output">
      {visible(startOf(preview, 2_000))}…
    </pre>
  </>
);

interface WrittenReport {
  readonly title: string | undefined;
  readonly text: string;
  readonly model: string | undefined;
  readonly reason: string | undefined;
}

const Report = ({ title, text, model, reason }: WrittenReport) => (
  <article class="asked stack" tabindex={0} aria-label="The report">
    {title === undefined ? null : (
      <p>
        <strong>
          <Text value={title} max={300} />
        </strong>
      </p>
    )}
    <Markdown text={text} />
    {model === undefined ? null : (
      <p class="muted small">
        {model === 'none' ? 'Written without a model' : 'Written by '}
        {model === 'none' ? null : <Text value={model} max={60} />}
        {reason === undefined ? null : (
          <>
            : <Text value={reason} max={300} />
          </>
        )}
      </p>
    )}
  </article>
);

const Notes = ({ notes }: { notes: readonly string[] }) => (
  <div class="small muted">
    <p>Changed to fit JSON:</p>
    <ul class="bulleted">
      {notes.slice(0, 20).map((note) => (
        <li>
          <Text value={note} max={300} />
        </li>
      ))}
    </ul>
  </div>
);

function reportIn(output: Json | undefined, readAs: ReportOutput | undefined): WrittenReport | undefined {
  if (readAs === undefined || !isJsonObject(output)) return undefined;
  const textIn = (field: string | undefined): string | undefined => {
    const value = field === undefined ? undefined : output[field];
    return typeof value === 'string' ? value : undefined;
  };
  const text = textIn(readAs.text);
  return text === undefined
    ? undefined
    : { title: textIn(readAs.title), text, model: textIn(readAs.model), reason: textIn(readAs.reason) };
}
