import type { ComparedConstant } from '../expressions/compared-constants.ts';
import { describeJson } from '../expressions/expression.ts';
import { expectationOf, misfitOf, type PlaybookInput } from '../playbook/playbook-input.ts';
import type { ProblemWords } from '../playbook/definition-problem.ts';
import { suggestionFor } from '#core/nearest.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { StaticType } from '../expressions/static-type.ts';

type Inputs = NonNullable<Playbook['inputs']>;

const TYPES = { string: 'text', choice: 'text', number: 'double', boolean: 'bool' } as const satisfies Record<
  PlaybookInput['type'],
  StaticType
>;

/** Problems with `inputs.<name>` in an expression: an unknown input, or a field of an input. */
export function inputNameProblem([, name, field]: readonly string[], inputs: Inputs): readonly ProblemWords[] {
  if (name === undefined) return [];
  if (!Object.hasOwn(inputs, name)) {
    const suggestion =
      suggestionFor(name, Object.keys(inputs)) ?? "This playbook has no inputs; add it under 'inputs'.";
    return [{ message: `Unknown input '${name}'.`, suggestion }];
  }
  return field === undefined ? [] : [{ message: `The input '${name}' is a single value without a field '${field}'.` }];
}

/** Comparing an input with an impossible value would always yield the same result, unnoticed. */
export function inputComparisonProblem({ path, value }: ComparedConstant, inputs: Inputs): readonly ProblemWords[] {
  const [input, name] = inputAt(path, inputs);
  if (input === undefined || value === null || isPossible(input, value)) return [];
  return [{ message: `\`inputs.${name}\` ${expectationOf(input)}, and is never ${describeJson(value)}.` }];
}

/** Ignores min and max: `inputs.days > 0` is not a mistake even if it is true for every allowed value. */
function isPossible(input: PlaybookInput, value: string | number | boolean): boolean {
  return input.type === 'choice' ? misfitOf(input, value) === undefined : typeof value === input.type;
}

/** The type of an input in an expression if it has a value; unknown for other paths. */
export function inputType(path: readonly string[], inputs: Inputs): StaticType {
  const [input] = inputAt(path, inputs);
  return input === undefined ? 'unknown' : TYPES[input.type];
}

function inputAt(path: readonly string[], inputs: Inputs): readonly [PlaybookInput, string] | readonly [] {
  const [root, name = '', ...within] = path;
  const input = root === 'inputs' && within.length === 0 && Object.hasOwn(inputs, name) ? inputs[name] : undefined;
  return input === undefined ? [] : [input, name];
}
