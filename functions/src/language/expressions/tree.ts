import type { parse } from '@bufbuild/cel';
import { APPEND, RANGE, TICK } from './functions.ts';

/** A node of a parsed expression. */
export type Tree = NonNullable<ReturnType<typeof parse>['expr']>;
/** A loop: the parsed form of `map`, `filter` and the like. */
export type ComprehensionTree = Extract<Tree['exprKind'], { case: 'comprehensionExpr' }>['value'];

/** The nodes directly below a node. */
export function childrenOf(tree: Tree): readonly Tree[] {
  const kind = tree.exprKind;
  switch (kind.case) {
    case 'callExpr':
      return present([kind.value.target, ...kind.value.args]);
    case 'selectExpr':
      return present([kind.value.operand]);
    case 'listExpr':
      return kind.value.elements;
    case 'structExpr':
      return kind.value.entries.flatMap((entry) =>
        present([entry.keyKind.case === 'mapKey' ? entry.keyKind.value : undefined, entry.value]),
      );
    case 'comprehensionExpr': {
      const { iterRange, accuInit, loopCondition, loopStep, result } = kind.value;
      return present([iterRange, accuInit, loopCondition, loopStep, result]);
    }
    default:
      return [];
  }
}

function present(trees: readonly (Tree | undefined)[]): readonly Tree[] {
  return trees.filter((tree) => tree !== undefined);
}

/** Every node, parents first. */
export function* nodesOf(tree: Tree): Generator<Tree> {
  yield tree;
  for (const child of childrenOf(tree)) yield* nodesOf(child);
}

/** The nesting depth of the nodes. A chain of one operator (`a + b + c`) counts once. */
export function depthOf(tree: Tree): number {
  const operator = operatorOf(tree);
  const depths = childrenOf(tree).map(
    (child) => depthOf(child) - (operator !== undefined && operatorOf(child) === operator ? 1 : 0),
  );
  return 1 + Math.max(0, ...depths);
}

function operatorOf(tree: Tree): string | undefined {
  const kind = tree.exprKind;
  return kind.case === 'callExpr' && kind.value.function.startsWith('_') ? kind.value.function : undefined;
}

/**
 * The paths that an expression reads, starting from a name in scope: `steps.a.output[0].b` gives `['steps', 'a',
 * 'output']`. Variables of `map`, `filter` and the like are not included.
 */
export function namesOf(tree: Tree): readonly (readonly string[])[] {
  const found = new Map<string, readonly string[]>();
  function visit(node: Tree, bound: ReadonlySet<string>): void {
    const path = pathOf(node);
    if (path !== undefined) {
      if (!bound.has(path[0] ?? '')) found.set(path.join('\n'), path);
      return;
    }
    const kind = node.exprKind;
    if (kind.case === 'comprehensionExpr') {
      visitComprehension(kind.value, bound, visit);
      return;
    }
    for (const child of childrenOf(node)) visit(child, bound);
  }
  visit(tree, new Set());
  return [...found.values()];
}

function visitComprehension(
  loop: ComprehensionTree,
  bound: ReadonlySet<string>,
  visit: (node: Tree, bound: ReadonlySet<string>) => void,
): void {
  const inner = new Set([...bound, loop.iterVar, loop.iterVar2, loop.accuVar]);
  for (const outside of present([loop.iterRange, loop.accuInit])) visit(outside, bound);
  for (const inside of present([loop.loopCondition, loop.loopStep, loop.result])) visit(inside, inner);
}

/** The path that a node reads, starting from a name; undefined if it is not a path. */
export function pathOf(tree: Tree): readonly string[] | undefined {
  const kind = tree.exprKind;
  if (kind.case === 'identExpr') return [kind.value.name.replace(/^\./, '')];
  if (kind.case === 'selectExpr' && kind.value.operand !== undefined) {
    const parent = pathOf(kind.value.operand);
    return parent && [...parent, kind.value.field];
  }
  if (kind.case !== 'callExpr' || kind.value.function !== '_[_]') return undefined;
  const [container, index] = kind.value.args;
  const constant = index?.exprKind.case === 'constExpr' ? index.exprKind.value.constantKind : undefined;
  if (container === undefined || constant === undefined) return undefined;
  const parent = pathOf(container);
  return parent && (constant.case === 'stringValue' ? [...parent, constant.value] : parent);
}

/** Meters every loop below `tree`. Modifies the tree. */
export function meterLoops(tree: Tree): void {
  for (const node of nodesOf(tree)) {
    if (node.exprKind.case !== 'comprehensionExpr') continue;
    const loop = node.exprKind.value;
    if (loop.loopCondition !== undefined) loop.loopCondition = wrap(TICK, loop.loopCondition);
    if (loop.iterRange !== undefined) loop.iterRange = wrap(RANGE, loop.iterRange);
    if (loop.loopStep !== undefined) collectInPlace(loop.loopStep, loop.accuVar);
  }
}

/** `@result + [x]`, alone or in a branch of `filter`, becomes an append. No other code can refer to `@result`. */
function collectInPlace(step: Tree, accumulator: string): void {
  if (step.exprKind.case !== 'callExpr') return;
  const call = step.exprKind.value;
  if (call.function === '_?_:_') {
    for (const branch of call.args.slice(1)) collectInPlace(branch, accumulator);
  }
  const [list, added] = call.args;
  const collects =
    call.function === '_+_' &&
    list?.exprKind.case === 'identExpr' &&
    list.exprKind.value.name === accumulator &&
    added?.exprKind.case === 'listExpr';
  if (collects) call.function = APPEND;
}

function wrap(name: string, argument: Tree): Tree {
  return {
    $typeName: 'cel.expr.Expr',
    id: argument.id,
    exprKind: { case: 'callExpr', value: { $typeName: 'cel.expr.Expr.Call', function: name, args: [argument] } },
  };
}
