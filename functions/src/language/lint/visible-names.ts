import type { z } from 'zod';
import type { ComparedConstant } from '../expressions/compared-constants.ts';
import { describeJson } from '../expressions/expression.ts';
import { inputNameProblem } from './input-names.ts';
import type { ProblemWords } from '../playbook/definition-problem.ts';
import { nearest, suggestionFor } from '#core/nearest.ts';
import { impossibleField } from '../playbook/schema-keys.ts';
import type { Playbook } from '../playbook/playbook.ts';
import { VISIBLE_STATUSES } from '../playbook/steps-in-order.ts';

/** The names that every expression may read besides `steps`, with their fields if those are fixed. */
export const SCOPE_NAMES: ReadonlyMap<string, readonly string[]> = new Map([
  ['inputs', []],
  ['trigger', ['kind', 'slot']],
  ['playbook', ['id', 'name', 'version']],
  ['execution', ['id', 'startedAt']],
  ['window', ['start', 'end']],
  ['now', []],
]);
/** The fields of a step that an expression can read. */
export const STEP_FIELDS: readonly string[] = ['output', 'status', 'failure'];

/** The statuses of steps that an expression can read. */
const STATUSES: readonly string[] = VISIBLE_STATUSES;

/** Which steps an expression can read, and which exist. */
export interface VisibleNames {
  readonly before: ReadonlySet<string>;
  readonly all: ReadonlySet<string>;
  /** Steps that can never be read here, and why. */
  readonly apart?: ReadonlyMap<string, string>;
  /** The step that contains the expression. */
  readonly own?: string;
  /** The schemas of step outputs, where known. */
  readonly outputs: ReadonlyMap<string, z.ZodType>;
  readonly inputs: NonNullable<Playbook['inputs']>;
  /** Additional names. */
  readonly extra?: readonly string[] | undefined;
}

/** Problems with a name that an expression reads: `steps`, the id, and the fields after it. */
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
  if (id === visible.own)
    return [{ message: `The step '${id}' reads itself; its output exists only after it has run.` }];
  if (!visible.all.has(id)) return [unknown(`Unknown step '${id}'.`, suggestionFor(id, visible.before))];
  const apart = visible.apart?.get(id);
  if (apart !== undefined) return [{ message: apart }];
  if (!visible.before.has(id)) {
    return [unknown(`The step '${id}' runs later than this one.`, 'Move it up, or read another step.')];
  }
  if (field === 'output') return outputProblem(id, within, visible);
  if (field === undefined || STEP_FIELDS.includes(field)) return [];
  const close = nearest(field, STEP_FIELDS);
  const instead = close === undefined ? `steps.${id}.output.${field}` : `steps.${id}.${close}`;
  return [unknown(`A step has no field '${field}', only output, status and failure.`, `Did you mean '${instead}'?`)];
}

/** Comparing a status with an impossible value would always yield the same result, unnoticed. */
export function statusProblem({ path, value }: ComparedConstant): readonly ProblemWords[] {
  const [root, id, field, ...within] = path;
  if (root !== 'steps' || field !== 'status' || within.length > 0) return [];
  if (typeof value === 'string' && STATUSES.includes(value)) return [];
  const close = typeof value === 'string' ? nearest(value, STATUSES) : undefined;
  const message = `\`steps.${id}.status\` is the outcome of the step ('succeeded', 'failed', 'skipped', 'pending') and is never ${describeJson(value)}.`;
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
