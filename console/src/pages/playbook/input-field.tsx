import { expectationOf } from '#language/playbook/playbook-input.ts';
import type { PlaybookInput } from '#language/playbook/playbook-input.ts';
import { shownText } from '#console/view/elements/text.tsx';
import { INPUT_FIELD } from './run-draft.ts';

const LINE_CHARS = 200;

interface FieldProps {
  readonly name: string;
  readonly input: PlaybookInput;
  readonly value: string;
  readonly problem: string | undefined;
}

/** The field of one input of a playbook, with what it is for, what fits, and what is wrong. */
export const InputField = ({ name, input, value, problem }: FieldProps) => {
  const id = `input-${name}`;
  return (
    <div class="field">
      <label for={id}>
        {shownText(input.name ?? name, 120)}
        {input.required ? <span aria-hidden="true"> *</span> : null}
      </label>
      <Control name={name} input={input} value={value} problem={problem} />
      <span class="small muted" id={`${id}-hint`}>
        {input.description === undefined ? null : <>{shownText(input.description, 500)} </>}
        {hintOf(input)}
      </span>
      {problem === undefined ? null : (
        <span class="error" id={`${id}-problem`}>
          {shownText(problem, 300)}
        </span>
      )}
    </div>
  );
};

const Control = ({ name, input, value, problem }: FieldProps) => {
  const id = `input-${name}`;
  const field = {
    id,
    name: `${INPUT_FIELD}${name}`,
    required: input.required && input.default === undefined,
    'aria-describedby': `${id}-hint${problem === undefined ? '' : ` ${id}-problem`}`,
    ...(problem !== undefined && { 'aria-invalid': 'true' as const }),
  };
  switch (input.type) {
    case 'choice':
      return (
        <Choice field={field} options={input.options.map((option) => [option, option])} input={input} value={value} />
      );
    case 'boolean':
      return (
        <Choice
          field={field}
          options={[
            ['true', 'Yes'],
            ['false', 'No'],
          ]}
          input={input}
          value={value}
        />
      );
    case 'number':
      return (
        <input
          {...field}
          type="text"
          inputmode={input.integer && (input.min ?? -1) >= 0 ? 'numeric' : 'decimal'}
          value={value}
          autocomplete="off"
        />
      );
    case 'string':
      return input.maxLength > LINE_CHARS ? (
        <textarea {...field} maxlength={input.maxLength}>{`\n${value}`}</textarea>
      ) : (
        <input {...field} type="text" maxlength={input.maxLength} value={value} autocomplete="off" />
      );
  }
};

const Choice = ({
  field,
  options,
  input,
  value,
}: {
  field: Readonly<Record<string, string | boolean | undefined>>;
  options: readonly (readonly [string, string])[];
  input: PlaybookInput;
  value: string;
}) => (
  <select {...field}>
    {input.default === undefined || value === '' ? <option value="">–</option> : null}
    {options.every(([option]) => option !== value) && value !== '' ? (
      <option value={value} selected>
        {shownText(value, 100)}
      </option>
    ) : null}
    {options.map(([option, words]) => (
      <option value={option} selected={option === value}>
        {shownText(words, 100)}
      </option>
    ))}
  </select>
);

function hintOf(input: PlaybookInput): string {
  const expected = input.type === 'number' ? `${expectationOf(input).replace(/^must be a/, 'A')}. ` : '';
  if (input.default !== undefined) return `${expected}Left empty: ${shownText(String(input.default), 100)}.`;
  return `${expected}${input.required ? 'It is required.' : 'It may stay empty.'}`;
}
