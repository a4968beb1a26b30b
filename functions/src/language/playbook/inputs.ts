import { PlaybookError } from '#core/failure.ts';
import { isJsonObject, type Json } from '#core/json.ts';
import { quoted } from './definition-problem.ts';
import { suggestionFor } from '#core/nearest.ts';
import { weightOf } from '#core/json-weight.ts';
import type { Playbook } from './playbook.ts';
import { describedInput, expectationOf, misfitOf, type PlaybookInput } from './playbook-input.ts';

/** The value of one input; null if none was given and it has no default. */
export type InputValue = string | number | boolean | null;

/** The values of all inputs of a playbook, by name. */
export type InputValues = Readonly<Record<string, InputValue>>;

/** What is wrong with one given input, in a sentence that begins with its name. */
export interface InputProblem {
  readonly input: string;
  readonly message: string;
}

/** The result of checking given inputs: the value of every input, or all problems. */
export type CheckedInputs =
  | { readonly ok: true; readonly values: InputValues }
  | { readonly ok: false; readonly problems: readonly InputProblem[] };

/** The maximum size of all inputs together in an execution's record. */
const MAX_INPUTS_BYTES = 200_000;

const NUMBER = /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i;

/**
 * Checks the given inputs. Forms send text, so `"12"` and `"true"` are accepted as a number and a boolean. Null and an
 * empty text mean that no value was given: the default applies, or else null.
 */
export function checkInputs({ inputs = {} }: Pick<Playbook, 'inputs'>, given: Json): CheckedInputs {
  if (!isJsonObject(given)) {
    const message = `The inputs must be an object with a field for each, but are ${describedInput(given)}.`;
    return { ok: false, problems: [{ input: 'inputs', message }] };
  }
  const problems: InputProblem[] = Object.keys(given)
    .filter((name) => !Object.hasOwn(inputs, name))
    .map((name) => ({ input: name, message: unknownInput(name, Object.keys(inputs)) }));
  const values: [string, InputValue][] = [];
  for (const [name, input] of Object.entries(inputs)) {
    const value = readValue(input, Object.hasOwn(given, name) ? given[name] : undefined) ?? input.default ?? null;
    const misfit =
      value === null && input.required ? `is required; it ${expectationOf(input)}.` : misfitOf(input, value);
    if (misfit === undefined && isInputValue(value)) values.push([name, value]);
    else problems.push({ input: name, message: `${name} ${misfit}` });
  }
  const bytes = weightOf(Object.fromEntries(values));
  if (bytes > MAX_INPUTS_BYTES) {
    const message = `All inputs together take ${bytes} bytes; at most ${MAX_INPUTS_BYTES} are allowed, because every record contains them.`;
    problems.push({ input: 'inputs', message });
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, values: Object.fromEntries(values) };
}

/** The value of every input. Throws `input_invalid`, which names each invalid field and says what is expected. */
export function parseInputs(playbook: Pick<Playbook, 'inputs'>, given: Json): InputValues {
  const checked = checkInputs(playbook, given);
  if (checked.ok) return checked.values;
  const { problems } = checked;
  throw new PlaybookError('input_invalid', problems.map(({ message }) => message).join(' '), {
    details: { inputs: Object.fromEntries(problems.map(({ input, message }) => [input, message])) },
  });
}

/** The value of every input if none is given: its default, or else null. */
export function defaultInputs({ inputs = {} }: Pick<Playbook, 'inputs'>): InputValues {
  return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.default ?? null]));
}

/** The given value, converted to the type of its input where its text allows; undefined if none was given. */
function readValue(input: PlaybookInput, given: Json | undefined): Json | undefined {
  if (given === undefined || given === null || given === '') return undefined;
  if (typeof given !== 'string') return given;
  const text = given.trim();
  if (input.type === 'number' && NUMBER.test(text)) return Number(text);
  if (input.type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return given.toWellFormed();
}

function isInputValue(value: Json): value is InputValue {
  return typeof value !== 'object' || value === null;
}

function unknownInput(name: string, known: readonly string[]): string {
  return `Unknown input ${quoted(name)}. ${suggestionFor(name, known) ?? 'The playbook has no inputs.'}`;
}
