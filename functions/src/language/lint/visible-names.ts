import type { z } from 'zod';
import type { ComparedConstant } from '../expressions/compared-constants.ts';
import { describeJson } from '../expressions/expression.ts';
import { inputNameProblem } from './input-names.ts';
import type { ProblemWords } from '../playbook/definition-problem.ts';
import { nearest, suggestionFor } from '#core/nearest.ts';
import { impossibleField } from '../playbook/schema-keys.ts';
import type { Playbook } from '../playbook/playbook.ts';
import { VISIBLE_STATUSES } from '../playbook/steps-in-order.ts';

/** What every expression may read beside `steps`: a name, and its fields where they are fixed. */
export const SCOPE_NAMES: ReadonlyMap<string, readonly string[]> = new Map([
  ['inputs', []],
  ['trigger', ['kind', 'slot']],
  ['playbook', ['id', 'name', 'version']],
  ['execution', ['id', 'startedAt']],
  ['window', ['start', 'end']],
  ['now', []],
]);
/** What an expression sees of a step. */
export const STEP_FIELDS: readonly string[] = ['output', 'status', 'failure'];

/** What `status` may be of a step that an expression can see. */
const STATUSES: readonly string[] = VISIBLE_STATUSES;

/** Which steps an expression can see, and which there are at all. */
export interface VisibleNames {
  readonly before: ReadonlySet<string>;
  readonly all: ReadonlySet<string>;
  /** The step that the expression belongs to. */
  readonly own?: string;
  /** What the output of a step must fit, where it is known. */
  readonly outputs: ReadonlyMap<string, z.ZodType>;
  readonly inputs: NonNullable<Playbook['inputs']>;
  /** Names beside the usual ones. */
  readonly extra?: readonly string[];
}

/** What is wrong with a name that an expression reads: `steps`, its id, and the fields behind it. */
export function nameProblem(name: readonly string[], visible: VisibleNames): readonly ProblemWords[] {
  const [root = '', field] = name;
  if (root === 'steps') return stepProblem(name, visible);
  if (root === 'inputs') return inputNameProblem(name, visible.inputs);
  if (visible.extra?.includes(root) === true) return [];
  const fields = SCOPE_NAMES.get(root);
  if (fields === undefined) {
    const known = ['steps', ...SCOPE_NAMES.keys(), ...(visible.extra ?? [])];
    const asStep = visible.all.has(root) ? `Did you mean 'steps.${root}.output'?` : suggestionFor(root, known);
    return [{ message: `Unknown name '${root}'.`, ...(asStep !== undefined && { suggestion: asStep }) }];
  }
  if (field === undefined || fields.length === 0 || fields.includes(field)) return [];
  return [unknown(`'${root}' has no field '${field}'.`, suggestionFor(field, fields))];
}

function stepProblem([, id, field, ...within]: readonly string[], visible: VisibleNames): readonly ProblemWords[] {
  if (id === undefined) return [];
  if (id === visible.own) return [{ message: `The step '${id}' reads itself; what it leaves is there only after it.` }];
  if (!visible.all.has(id)) return [unknown(`There is no step '${id}'.`, suggestionFor(id, visible.before))];
  if (!visible.before.has(id)) {
    return [unknown(`The step '${id}' runs later than this one.`, 'Move it up, or read another step.')];
  }
  if (field === 'output') return outputProblem(id, within, visible);
  if (field === undefined || STEP_FIELDS.includes(field)) return [];
  const close = nearest(field, STEP_FIELDS);
  const instead = close === undefined ? `steps.${id}.output.${field}` : `steps.${id}.${close}`;
  return [unknown(`A step has output, status and failure, but no '${field}'.`, `Did you mean '${instead}'?`)];
}

/** A comparison with what a status never is would be the same whatever happens, and nobody would notice. */
export function statusProblem({ path, value }: ComparedConstant): readonly ProblemWords[] {
  const [root, id, field, ...within] = path;
  if (root !== 'steps' || field !== 'status' || within.length > 0) return [];
  if (typeof value === 'string' && STATUSES.includes(value)) return [];
  const close = typeof value === 'string' ? nearest(value, STATUSES) : undefined;
  const message = `\`steps.${id}.status\` says how the step ended ('succeeded', 'failed', 'skipped', 'pending'), and is never ${describeJson(value)}.`;
  return [unknown(message, `Did you mean ${close === undefined ? `steps.${id}.output.status` : `'${close}'`}?`)];
}

function outputProblem(id: string, fields: readonly string[], visible: VisibleNames): readonly ProblemWords[] {
  const schema = visible.outputs.get(id);
  const impossible = schema && impossibleField(schema, fields);
  if (impossible === undefined) return [];
  const { field, allowed } = impossible;
  const where = ['steps', id, 'output', ...fields.slice(0, fields.indexOf(field))].join('.');
  const suggestion =
    field === 'length' ? `Write size(${where}) for the length of a list or a text.` : suggestionFor(field, allowed);
  return [unknown(`\`${where}\` has no field '${field}'.`, suggestion)];
}

function unknown(message: string, suggestion: string | undefined): ProblemWords {
  return { message, ...(suggestion !== undefined && { suggestion }) };
}
