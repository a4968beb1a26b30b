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

/** The field of one input of a playbook: what it is for, what fits, and what is wrong. */
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
  const field = attributesOf({ name, input, problem });
  switch (input.type) {
    case 'choice': {
      const options = input.options.map((option) => [option, option] as const);
      return <Choice field={field} options={options} input={input} value={value} />;
    }
    case 'boolean':
      return <Choice field={field} options={YES_NO} input={input} value={value} />;
    case 'number': {
      const inputmode = input.integer && (input.min ?? -1) >= 0 ? 'numeric' : 'decimal';
      return <input {...field} type="text" inputmode={inputmode} value={value} autocomplete="off" />;
    }
    case 'string':
      return input.maxLength > LINE_CHARS ? (
        <textarea {...field} maxlength={input.maxLength}>{`\n${value}`}</textarea>
      ) : (
        <input {...field} type="text" maxlength={input.maxLength} value={value} autocomplete="off" />
      );
  }
};

const YES_NO = [
  ['true', 'Yes'],
  ['false', 'No'],
] as const;

function attributesOf({ name, input, problem }: Omit<FieldProps, 'value'>) {
  const id = `input-${name}`;
  return {
    id,
    name: `${INPUT_FIELD}${name}`,
    required: input.required && input.default === undefined,
    'aria-describedby': `${id}-hint${problem === undefined ? '' : ` ${id}-problem`}`,
    ...(problem !== undefined && { 'aria-invalid': 'true' as const }),
  };
}

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

/** What fits, and what an empty field means: `1 to 90, default 7`. */
function hintOf(input: PlaybookInput): string {
  const standing = input.required ? 'required' : 'optional';
  const empty = input.default === undefined ? standing : `default ${shownText(String(input.default), 100)}`;
  const hint = input.type === 'number' ? `${rangeOf(input)}, ${empty}` : empty;
  return `${hint.charAt(0).toUpperCase()}${hint.slice(1)}`;
}

function rangeOf({ min, max, integer }: Extract<PlaybookInput, { type: 'number' }>): string {
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  if (min !== undefined) return `at least ${min}`;
  if (max !== undefined) return `at most ${max}`;
  return integer ? 'a whole number' : 'a number';
}
