import { nodesOf, pathOf, type Tree } from './tree.ts';

/** A path that an expression compares (`==`, `!=`) with a literal. */
export interface ComparedConstant {
  readonly path: readonly string[];
  readonly value: string | number | boolean | null;
}

/** Every such comparison in an expression, in the order written. */
export function comparedConstants(tree: Tree): readonly ComparedConstant[] {
  return [...nodesOf(tree)].flatMap((node) => {
    const kind = node.exprKind;
    if (kind.case !== 'callExpr' || (kind.value.function !== '_==_' && kind.value.function !== '_!=_')) return [];
    const [left, right] = kind.value.args;
    if (left === undefined || right === undefined) return [];
    return [...comparison(left, right), ...comparison(right, left)];
  });
}

function comparison(side: Tree, other: Tree): readonly ComparedConstant[] {
  const path = pathOf(side);
  const value = constantOf(other);
  return path === undefined || value === undefined ? [] : [{ path, value }];
}

function constantOf(tree: Tree): ComparedConstant['value'] | undefined {
  if (tree.exprKind.case !== 'constExpr') return undefined;
  const constant = tree.exprKind.value.constantKind;
  switch (constant.case) {
    case 'stringValue':
    case 'boolValue':
    case 'doubleValue':
      return constant.value;
    case 'int64Value':
    case 'uint64Value':
      return Number(constant.value);
    default:
      return constant.case === 'nullValue' ? null : undefined;
  }
}
