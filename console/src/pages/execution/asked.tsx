import type { Child } from 'hono/jsx';
import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';
import { bytes } from '#console/view/elements/figures.tsx';
import { JsonView } from '#console/view/elements/json-view.tsx';
import { Markdown } from '#console/view/elements/markdown.tsx';
import { Facts } from '#console/view/elements/parts.tsx';
import { Text } from '#console/view/elements/text.tsx';
import type { InputPart } from '#steps/definition/step-view.ts';
import { Said } from './said.tsx';

/** What a step was given, after everything was filled in: as people read it first, then as data. */
export const Asked = ({ parts = [], input }: { parts: readonly InputPart[] | undefined; input: Json }) => {
  if (!isJsonObject(input)) return <JsonView value={input} label="Input" />;
  if (input['truncated'] === true && typeof input['preview'] === 'string') return <Beginning input={input} />;
  if (parts.length === 0) return <JsonView value={input} label="Input" />;
  return (
    <>
      {parts.map((part) => (
        <Part part={part} input={input} />
      ))}
      <details id="input-json">
        <summary>Input as JSON</summary>
        <JsonView value={input} label="Input as JSON" />
      </details>
    </>
  );
};

const Part = ({ part, input }: { part: InputPart; input: JsonObject }) => {
  switch (part.as) {
    case 'facts':
      return <Facts facts={Object.entries(part.fields).map(([label, field]) => [label, wordsIn(input, field)])} />;
    case 'text':
      return <Prompt label={part.label} text={textIn(input, part.field)} />;
    case 'message':
      return <Letter title={textIn(input, part.title)} body={textIn(input, part.body)} />;
    case 'data':
      return <Data value={input[part.field]} />;
  }
};

const Prompt = ({ label, text }: { label: string; text: string | undefined }) =>
  text === undefined ? null : (
    <div>
      <p class="label">{label}</p>
      <div class="asked" tabindex={0} role="group" aria-label={label}>
        <Said text={text} max={20_000} />
      </div>
    </div>
  );

const Data = ({ value }: { value: Json | undefined }) =>
  value === undefined || (isJsonObject(value) && Object.keys(value).length === 0) ? null : (
    <div>
      <p class="label">Data</p>
      <JsonView value={value} label="Input data" />
    </div>
  );

const Letter = ({ title, body }: { title: string | undefined; body: string | undefined }) => (
  <div class="asked stack" tabindex={0} role="group" aria-label="Message">
    {title === undefined ? null : (
      <p>
        <strong>
          <Text value={title} max={300} />
        </strong>
      </p>
    )}
    {body === undefined ? null : <Markdown text={body} />}
  </div>
);

/** Of an input that is too large the record keeps the beginning. */
const Beginning = ({ input }: { input: JsonObject }) => (
  <div>
    <p class="muted small">
      {typeof input['bytes'] === 'number' ? `The input was ${bytes(input['bytes'])}; ` : ''}the record keeps only its
      beginning.
    </p>
    <div class="asked" tabindex={0} role="group" aria-label="The beginning of the input">
      <Said text={textIn(input, 'preview') ?? ''} />
    </div>
  </div>
);

function textIn(input: JsonObject, field: string): string | undefined {
  const value = input[field];
  return typeof value === 'string' ? value : undefined;
}

/** A word, or a list of them. */
function wordsIn(input: JsonObject, field: string): Child | undefined {
  const value = input[field];
  if (typeof value === 'string') return <Text value={value} max={80} />;
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((one: unknown) => typeof one === 'string');
  return <Text value={texts.slice(0, 20).join(', ')} max={300} />;
}
