import type { Child } from 'hono/jsx';
import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';
import { bytes } from '#console/view/elements/figures.tsx';
import { JsonView } from '#console/view/elements/json-view.tsx';
import { Markdown } from '#console/view/elements/markdown.tsx';
import { Facts } from '#console/view/elements/parts.tsx';
import { Text } from '#console/view/elements/text.tsx';
import { Said } from './said.tsx';

/** What a step was given, after everything was filled in: as people read it first, then as data. */
export const Asked = ({ type, input }: { type: string; input: Json }) => {
  if (!isJsonObject(input)) return <JsonView value={input} label="Input" />;
  if (input['truncated'] === true && typeof input['preview'] === 'string') return <Beginning input={input} />;
  const readable = READABLE[type]?.(input);
  if (readable === undefined) return <JsonView value={input} label="Input" />;
  return (
    <>
      {readable}
      <details id="input-json">
        <summary>Input as JSON</summary>
        <JsonView value={input} label="Input as JSON" />
      </details>
    </>
  );
};

const READABLE: Readonly<Record<string, (input: JsonObject) => Child>> = {
  delegate: (input) => (
    <>
      <Facts facts={[['Agent', nameIn(input, 'agent')]]} />
      <Prompt label="Task" text={textIn(input, 'task')} />
      <Data value={input['with']} />
    </>
  ),
  synthesize: (input) => (
    <>
      <Facts facts={[['Agent', nameIn(input, 'agent')]]} />
      <Prompt label="Instructions" text={textIn(input, 'instructions')} />
      <Data value={input['with']} />
    </>
  ),
  tool_call: (input) => (
    <>
      <Facts facts={[['Tool', nameIn(input, 'tool')]]} />
      <Data value={input['with']} />
    </>
  ),
  notify: (input) => (
    <>
      <Facts
        facts={[
          ['Channels', listIn(input, 'channels')],
          ['To', listIn(input, 'to')],
          ['Priority', nameIn(input, 'priority')],
        ]}
      />
      <Letter title={textIn(input, 'subject')} body={textIn(input, 'body')} />
    </>
  ),
  create_thread: (input) => (
    <>
      <Facts
        facts={[
          ['Kind', nameIn(input, 'kind')],
          ['Assignee', nameIn(input, 'assignee')],
        ]}
      />
      <Letter title={textIn(input, 'title')} body={textIn(input, 'body')} />
    </>
  ),
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

function nameIn(input: JsonObject, field: string): Child | undefined {
  const value = textIn(input, field);
  return value === undefined ? undefined : <Text value={value} max={80} />;
}

function listIn(input: JsonObject, field: string): Child | undefined {
  const value = input[field];
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((one: unknown) => typeof one === 'string');
  return <Text value={texts.slice(0, 20).join(', ')} max={300} />;
}
