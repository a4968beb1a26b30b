import type { ComparedConstant } from '../expressions/compared-constants.ts';
import { describeJson } from '../expressions/expression.ts';
import { expectationOf, misfitOf } from '../playbook/playbook-input.ts';
import type { ProblemWords } from '../playbook/definition-problem.ts';
import { suggestionFor } from '#core/nearest.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { PlaybookInput } from '../playbook/playbook-input.ts';
import type { StaticType } from '../expressions/static-type.ts';

type Inputs = NonNullable<Playbook['inputs']>;

const TYPES = { string: 'text', choice: 'text', number: 'double', boolean: 'bool' } as const satisfies Record<
  PlaybookInput['type'],
  StaticType
>;

/** What is wrong with `inputs.<name>` in an expression: an input that there is not, or a field of one. */
export function inputNameProblem([, name, field]: readonly string[], inputs: Inputs): readonly ProblemWords[] {
  if (name === undefined) return [];
  if (!Object.hasOwn(inputs, name)) {
    const suggestion =
      suggestionFor(name, Object.keys(inputs)) ?? "The playbook has none; write it down under 'inputs'.";
    return [{ message: `There is no input '${name}'.`, suggestion }];
  }
  return field === undefined ? [] : [{ message: `The input '${name}' is one value and has no field '${field}'.` }];
}

/** A comparison of an input with what it never is would be the same whatever is given, and nobody would notice. */
export function inputComparisonProblem({ path, value }: ComparedConstant, inputs: Inputs): readonly ProblemWords[] {
  const [input, name] = inputAt(path, inputs);
  if (input === undefined || value === null || isPossible(input, value)) return [];
  return [{ message: `\`inputs.${name}\` ${expectationOf(input)}, and is never ${describeJson(value)}.` }];
}

/** Bounds do not count: `inputs.days > 0` is no mistake where every possible value is. */
function isPossible(input: PlaybookInput, value: string | number | boolean): boolean {
  return input.type === 'choice' ? misfitOf(input, value) === undefined : typeof value === input.type;
}

/** What an input yields in an expression where it has a value; unknown for other paths. */
export function inputType(path: readonly string[], inputs: Inputs): StaticType {
  const [input] = inputAt(path, inputs);
  return input === undefined ? 'unknown' : TYPES[input.type];
}

function inputAt(path: readonly string[], inputs: Inputs): readonly [PlaybookInput, string] | readonly [] {
  const [root, name = '', ...within] = path;
  const input = root === 'inputs' && within.length === 0 && Object.hasOwn(inputs, name) ? inputs[name] : undefined;
  return input === undefined ? [] : [input, name];
}
