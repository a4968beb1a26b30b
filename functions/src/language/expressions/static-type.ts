import { nodesOf, pathOf, type ComprehensionTree, type Tree } from './tree.ts';

/** The type that a node yields, as far as it is known without running it. */
export type StaticType = 'bool' | 'int' | 'double' | 'text' | 'list' | 'map' | 'null' | 'unknown';

const COMPARISONS = new Set(['_==_', '_!=_', '_<_', '_<=_', '_>_', '_>=_', '_&&_', '_||_', '!_', '@in']);
const YIELDS: Readonly<Record<string, StaticType>> = {
  contains: 'bool',
  endsWith: 'bool',
  startsWith: 'bool',
  matches: 'bool',
  bool: 'bool',
  size: 'int',
  int: 'int',
  indexOf: 'int',
  lastIndexOf: 'int',
  double: 'double',
  round: 'double',
  fixed: 'text',
  toJson: 'text',
  string: 'text',
  join: 'text',
  replace: 'text',
  format: 'text',
  substring: 'text',
  trim: 'text',
  lowerAscii: 'text',
  upperAscii: 'text',
  split: 'list',
};
const YIELD_OF: ReadonlyMap<string, StaticType> = new Map(Object.entries(YIELDS));

/** The known type of a path that an expression reads. */
type TypeOfPath = (path: readonly string[]) => StaticType;

/** The type that an expression yields, as far as it follows from its text and the known types of its paths. */
export function staticTypeOf(tree: Tree, typeOfPath: TypeOfPath = () => 'unknown'): StaticType {
  const asksForPresence = tree.exprKind.case === 'selectExpr' && tree.exprKind.value.testOnly;
  const path = asksForPresence ? undefined : pathOf(tree);
  return path === undefined ? typeMade(tree, typeOfPath) : typeOfPath(path);
}

function typeMade(tree: Tree, typeOfPath: TypeOfPath): StaticType {
  const kind = tree.exprKind;
  if (kind.case === 'listExpr') return 'list';
  if (kind.case === 'structExpr') return 'map';
  if (kind.case === 'selectExpr') return kind.value.testOnly ? 'bool' : 'unknown';
  if (kind.case === 'comprehensionExpr') return kind.value.accuInit === undefined ? 'unknown' : loopType(kind.value);
  if (kind.case === 'constExpr') return constantType(kind.value.constantKind.case);
  if (kind.case !== 'callExpr') return 'unknown';
  const { function: name, args } = kind.value;
  if (COMPARISONS.has(name)) return 'bool';
  const types = args.map((argument) => staticTypeOf(argument, typeOfPath));
  if (name === '_?_:_') return types[1] === types[2] ? (types[1] ?? 'unknown') : 'unknown';
  if (/^(_[-+*/%]_|-_)$/.test(name)) return arithmeticType(types);
  return YIELD_OF.get(name) ?? 'unknown';
}

function loopType(loop: ComprehensionTree): StaticType {
  const initial = loop.accuInit === undefined ? 'unknown' : staticTypeOf(loop.accuInit);
  return initial === 'int' ? 'bool' : initial; // exists_one counts, then compares the count with 1
}

function constantType(kind: string | undefined): StaticType {
  if (kind === 'boolValue') return 'bool';
  if (kind === 'int64Value' || kind === 'uint64Value') return 'int';
  if (kind === 'doubleValue') return 'double';
  if (kind === 'stringValue') return 'text';
  return kind === 'nullValue' ? 'null' : 'unknown';
}

function arithmeticType(types: readonly StaticType[]): StaticType {
  if (types.every((type) => type === 'int')) return 'int';
  if (types.includes('text')) return 'text';
  if (types.includes('list')) return 'list';
  return types.includes('double') ? 'double' : 'unknown';
}

/** Whether any whole number is divided by a whole number, which drops the fraction. */
export function dividesWholeNumbers(tree: Tree): boolean {
  return nodesOf(tree).some((node) => {
    const kind = node.exprKind;
    if (kind.case !== 'callExpr' || kind.value.function !== '_/_') return false;
    return kind.value.args.every((argument) => staticTypeOf(argument) === 'int');
  });
}
