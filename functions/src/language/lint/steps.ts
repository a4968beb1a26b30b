import type { z } from 'zod';
import type { Expressions } from '../expressions/expressions.ts';
import type { Json } from '#core/json.ts';
import { openReach, reachesOf, type Reach } from './branches.ts';
import { failureProblems } from './failures.ts';
import { checkExpression, checkTemplates } from './expressions.ts';
import type { VisibleNames } from './visible-names.ts';
import type { DefinitionPath, LintProblem } from '../playbook/definition-problem.ts';
import { type LintCatalog, referenceProblems } from './references.ts';
import { commonStepFields, MAX_STEPS, type Playbook, type Step } from '../playbook/playbook.ts';
import type { StepTypeShape } from '../playbook/playbook-schema.ts';

const MAX_DEPTH = 5;
/** Reserved words of the expression language; `steps.in` could not be parsed. */
export const RESERVED_IDS = new Set(['true', 'false', 'null', 'in']);

/**
 * State of the walk through the steps. `before` and `apart` grow: the steps that have run when the next one begins, and
 * those that it can never read, with the reason.
 */
interface Walk extends Reach {
  readonly catalog: LintCatalog;
  readonly expressions: Pick<Expressions, 'compile'>;
  readonly types: ReadonlyMap<string, StepTypeShape>;
  readonly all: ReadonlySet<string>;
  readonly outputs: ReadonlyMap<string, z.ZodType>;
  readonly inputs: VisibleNames['inputs'];
}

interface Placed {
  readonly step: Step;
  readonly path: DefinitionPath;
  readonly depth: number;
}

/** All problems in the steps of a playbook, and what an expression at its end can read of them. */
export function lintSteps(
  playbook: Playbook,
  catalog: LintCatalog,
  expressions: Pick<Expressions, 'compile'>,
): { readonly problems: readonly LintProblem[]; readonly visible: VisibleNames } {
  const types = new Map(catalog.stepTypes.map((type) => [type.type, type]));
  const placed = placeSteps(playbook.steps, ['steps'], 1, types);
  const all = new Set(placed.map(({ step }) => step.id));
  const outputs = outputsOf(placed, types, catalog);
  const inputs = playbook.inputs ?? {};
  const walk: Walk = { catalog, expressions, types, all, outputs, inputs, ...openReach() };
  const problems = [...sizeProblems(placed), ...idProblems(placed), ...listProblems(playbook.steps, ['steps'], walk)];
  return { problems, visible: { before: all, apart: walk.apart, all, outputs, inputs } };
}

function placeSteps(
  steps: readonly Step[],
  path: DefinitionPath,
  depth: number,
  types: ReadonlyMap<string, StepTypeShape>,
): readonly Placed[] {
  return steps.flatMap((step, index) => {
    const at = [...path, index];
    const nested = blocksOf(step, types).flatMap((block) =>
      placeSteps(block.steps, [...at, block.name], depth + 1, types),
    );
    return [{ step, path: at, depth }, ...nested];
  });
}

function outputsOf(
  placed: readonly Placed[],
  types: ReadonlyMap<string, StepTypeShape>,
  { tools }: LintCatalog,
): ReadonlyMap<string, z.ZodType> {
  const known = placed.flatMap(({ step }): [string, z.ZodType][] => {
    const type = types.get(step.type);
    const field = type?.kind === 'action' ? type.names?.tool : undefined;
    const tool = field === undefined ? undefined : tools.find(({ name }) => name === step[field]);
    const output = tool === undefined ? type?.output : tool.output;
    return output === undefined ? [] : [[step.id, output]];
  });
  return new Map(known);
}

interface NamedBlock {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** The nested steps. Skips blocks that do not fit their schema: those are already reported. */
function blocksOf(step: Step, types: ReadonlyMap<string, StepTypeShape>): readonly NamedBlock[] {
  const type = types.get(step.type);
  if (type?.kind !== 'control') return [];
  try {
    return type.blocks(step);
  } catch {
    return [];
  }
}

function sizeProblems(placed: readonly Placed[]): readonly LintProblem[] {
  const problems: LintProblem[] = [];
  if (placed.length > MAX_STEPS) {
    const message = `The playbook has ${placed.length} steps, including nested ones; at most ${MAX_STEPS} are allowed.`;
    problems.push({ path: ['steps'], message, suggestion: 'Split it into several playbooks.' });
  }
  const deep = placed.find(({ depth }) => depth > MAX_DEPTH);
  if (deep !== undefined) {
    const message = `The step '${deep.step.id}' is nested ${deep.depth} deep; at most ${MAX_DEPTH} is allowed.`;
    problems.push({ path: deep.path, message, suggestion: 'Give steps an `if` instead of nesting conditions.' });
  }
  return problems;
}

function idProblems(placed: readonly Placed[]): readonly LintProblem[] {
  const seen = new Set<string>();
  return placed.flatMap(({ step: { id }, path }) => {
    const at = [...path, 'id'];
    if (RESERVED_IDS.has(id))
      return [{ path: at, message: `'${id}' is a reserved word of the expression language; choose another id.` }];
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    const message = `An earlier step also has the id '${id}'; ids must be unique within a playbook.`;
    return [{ path: at, message }];
  });
}

function listProblems(steps: readonly Step[], path: DefinitionPath, walk: Walk): readonly LintProblem[] {
  return steps.flatMap((step, index) => {
    const at = [...path, index];
    const problems = [
      ...ownProblems(step, at, walk),
      ...failureProblems(step, at, steps.slice(index + 1)),
      ...nestedProblems(step, at, walk),
    ];
    walk.before.add(step.id);
    return problems;
  });
}

/** The problems in the blocks of a step. What runs beside each other, or once for each item, cannot be read by all. */
function nestedProblems(step: Step, path: DefinitionPath, walk: Walk): readonly LintProblem[] {
  const type = walk.types.get(step.type);
  const blocks = blocksOf(step, walk.types);
  const reaches = reachesOf(type?.kind === 'control' ? type.runs : 'one', blocks.map(stepsWithin), walk);
  const problems = blocks.flatMap((block, index) =>
    listProblems(block.steps, [...path, block.name], { ...walk, ...reaches.inside(index) }),
  );
  reaches.join();
  return problems;

  function stepsWithin({ steps }: NamedBlock): readonly string[] {
    return placeSteps(steps, [], 1, walk.types).map(({ step: { id } }) => id);
  }
}

function ownProblems(step: Step, path: DefinitionPath, walk: Walk): readonly LintProblem[] {
  const { before, apart, all, outputs, inputs, extra } = walk;
  const visible: VisibleNames = { before, apart, all, outputs, inputs, extra, own: step.id };
  const type = walk.types.get(step.type);
  const written = type?.kind === 'control' ? type.expressions(step) : [];
  const conditions = [
    ...written.map(({ field, expression }) => ({ field, expression })),
    ...ownCondition(step, written),
  ];
  const skipped = new Set([
    'type',
    ...Object.keys(commonStepFields),
    ...written.map(({ field }) => field),
    ...blocksOf(step, walk.types).map(({ name }) => name),
  ]);
  return [
    ...conditions.flatMap(({ field, expression }) =>
      checkExpression(
        { path: [...path, field], source: expression, condition: field === 'if' },
        visible,
        walk.expressions,
      ),
    ),
    ...Object.entries(step)
      .filter((entry): entry is [string, Json] => !skipped.has(entry[0]) && entry[1] !== undefined)
      .flatMap(([field, value]) => checkTemplates(value, [...path, field], visible, walk.expressions)),
    ...(type?.kind === 'action' ? referenceProblems(step, type.names ?? {}, path, walk.catalog) : []),
  ];
}

function ownCondition(
  step: Step,
  written: readonly { readonly field: string }[],
): readonly { field: string; expression: string }[] {
  if (step.if === undefined || written.some(({ field }) => field === 'if')) return [];
  return [{ field: 'if', expression: step.if }];
}
