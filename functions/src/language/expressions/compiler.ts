import { isCelError, parse, plan, type CelEnv } from '@bufbuild/cel';
import type { Expression } from './expression.ts';
import { expressionEnvironment } from './functions.ts';
import { createMeter, type Meter } from './meter.ts';
import { scanExpression } from './scan.ts';
import { fieldHint, inOurWords } from './words.ts';
import { depthOf, meterLoops, namesOf, nodesOf, type Tree } from './tree.ts';
import { bindings, toJsonValue } from './values.ts';
import { comparedConstants } from './compared-constants.ts';
import { PlaybookError } from '#core/failure.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { suggestionFor } from '#core/nearest.ts';
import { placeOf, sourceExcerpt } from '#core/source-excerpt.ts';
import { dividesWholeNumbers, staticTypeOf } from './static-type.ts';

const MAX_SOURCE_CHARS = 2_000;
const MAX_DEPTH = 32;
const MAX_NODES = 1_000;

/**
 * Binds the CEL library to our rules: plain JSON in and out, mixed numbers, and limits on everything. The returned
 * function parses and checks a source. It throws `expression_failed`, which shows the place.
 */
export function expressionCompiler(): (source: string) => Expression {
  const meter = createMeter();
  const environment = expressionEnvironment(meter);
  return (source) => {
    const { tree, positions } = read(source);
    checkSize(source, tree);
    checkCalls(source, tree, positions, environment);
    // These checks need the expression as written, before the meter is added.
    const written = {
      names: namesOf(tree),
      type: staticTypeOf(tree),
      dividesWholeNumbers: dividesWholeNumbers(tree),
      comparisons: comparedConstants(tree),
    };
    meterLoops(tree);
    const program = { source, positions, run: plan(environment, tree) };
    return {
      source,
      ...written,
      typeWhere: (typeOfPath) => staticTypeOf(tree, typeOfPath),
      evaluate: (scope) => evaluated(program, scope, meter),
    };
  };
}

interface Program {
  readonly source: string;
  readonly positions: Readonly<Record<string, number>>;
  readonly run: ReturnType<typeof plan>;
}

function evaluated({ source, positions, run }: Program, scope: JsonObject, meter: Meter): Json {
  meter.reset();
  const result = run(bindings(scope));
  const exceeded = meter.exceeded();
  if (exceeded !== undefined) throw failure(source, 0, `was stopped: ${exceeded}`);
  if (isCelError(result)) {
    throw failure(source, positions[String(result.exprId)] ?? 0, `failed: ${inOurWords(result.message, source)}`);
  }
  try {
    return toJsonValue(result);
  } catch (error) {
    throw failure(source, 0, `failed: ${messageOf(error)}`);
  }
}

function read(source: string): { readonly tree: Tree; readonly positions: Readonly<Record<string, number>> } {
  if (source.trim() === '') throw failure(source, 0, 'is empty');
  if (source.length > MAX_SOURCE_CHARS) {
    throw failure(
      source.slice(0, MAX_SOURCE_CHARS),
      0,
      'is longer than 2,000 characters; prepare the value in a tool or a step',
    );
  }
  const scan = scanExpression(source, 0, undefined, MAX_DEPTH);
  if (!scan.ok) throw failure(source, scan.offset, `cannot be parsed: ${lowerFirst(scan.problem)}`);
  try {
    const { expr, sourceInfo } = parse(`${source}\n`); // a comment must end with a line
    return { tree: expr, positions: sourceInfo?.positions ?? {} };
  } catch (error) {
    const offset = offsetOf(error);
    throw failure(source, offset, `cannot be parsed from here on${hintAt(source, offset)}`);
  }
}

/** The offset of a syntax error, which the library stores on an error class that it does not export. */
function offsetOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('location' in error)) return 0;
  const { location } = error;
  if (typeof location !== 'object' || location === null || !('start' in location)) return 0;
  const { start } = location;
  if (typeof start !== 'object' || start === null || !('offset' in start)) return 0;
  return typeof start.offset === 'number' ? start.offset : 0;
}

function hintAt(source: string, offset: number): string {
  const field = fieldHint(source, offset);
  if (field !== undefined) return `; ${field}`;
  const rest = source.slice(offset);
  if (/^['"][^'"]*\\u[dD][89a-fA-F]/.test(rest))
    return '; a \\u… in it is a lone surrogate: write the character itself';
  if (/^===|^!==/.test(rest)) return `; write ${rest.startsWith('=') ? '==' : '!='}`;
  if (/^=[^=]/.test(rest)) return '; write == to compare';
  if (/^&[^&]/.test(rest)) return '; write && for "and"';
  if (/^\|[^|]/.test(rest)) return '; write || for "or"';
  if (/^(and|or|not)\b/i.test(rest)) return '; write && for "and", || for "or", ! for "not"';
  if (rest.startsWith('${{')) return '; write the expression without ${{ }} here';
  return '; an operator, a value or a bracket is missing or extra';
}

function checkSize(source: string, tree: Tree): void {
  let nodes = 0;
  for (const node of nodesOf(tree)) {
    nodes += 1;
    if (nodes > MAX_NODES) throw failure(source, 0, 'has more than 1,000 parts; prepare the value in a tool or a step');
    if (node.exprKind.case === 'constExpr' && node.exprKind.value.constantKind.case === 'doubleValue') {
      if (!Number.isFinite(node.exprKind.value.constantKind.value))
        throw failure(source, 0, 'contains a number that is too large');
    }
  }
  if (depthOf(tree) > MAX_DEPTH)
    throw failure(source, 0, 'nests more than 32 deep; prepare the value in a tool or a step');
}

function checkCalls(
  source: string,
  tree: Tree,
  positions: Readonly<Record<string, number>>,
  environment: CelEnv,
): void {
  for (const node of nodesOf(tree)) {
    const kind = node.exprKind;
    const offset = positions[String(node.id)] ?? 0;
    if (kind.case === 'structExpr' && kind.value.messageName !== '') {
      const problem = `names a type '${kind.value.messageName}'; only plain objects like {'a': 1} are supported`;
      throw failure(source, offset, problem);
    }
    if (kind.case !== 'callExpr' || BUILT_IN.has(kind.value.function)) continue;
    const name = kind.value.function;
    const overloads = environment.funcs.find(name);
    if (overloads === undefined) throw failure(source, offset, unknownFunction(name, environment));
    const isCalledAsMeant = [...overloads].some(
      ({ target, arguments: args }) =>
        (target !== undefined) === (kind.value.target !== undefined) && args.length === kind.value.args.length,
    );
    if (!isCalledAsMeant) throw failure(source, offset, `calls ${name} incorrectly: ${usageOf(name, environment)}`);
  }
}

/** What the library evaluates itself, without calling a function. */
const BUILT_IN: ReadonlySet<string> = new Set(['_&&_', '_||_', '_?_:_', '_[_]', '@not_strictly_false']);
const MACROS = ['has', 'all', 'exists', 'exists_one', 'map', 'filter'];

function unknownFunction(name: string, environment: CelEnv): string {
  if (MACROS.includes(name)) return `calls ${name} incorrectly: ${MACRO_USAGE[name] ?? ''}`;
  const known = [...environment.funcs].map((func) => func.name).filter((known) => /^[a-z]\w*$/i.test(known));
  const close = suggestionFor(name, new Set([...known, ...MACROS]));
  return `calls the unknown function '${name}'. ${close?.startsWith('Did') === true ? close : 'The reference lists all functions'}`;
}

const MACRO_USAGE: Readonly<Record<string, string>> = {
  has: 'write has(a.b)',
  all: 'write list.all(x, …)',
  exists: 'write list.exists(x, …)',
  exists_one: 'write list.exists_one(x, …)',
  map: 'write list.map(x, …)',
  filter: 'write list.filter(x, …)',
};

function usageOf(name: string, environment: CelEnv): string {
  const usages = [...(environment.funcs.find(name) ?? [])].map((func) => {
    const args = `(${func.arguments.map((type) => type.name).join(', ')})`;
    return func.target === undefined ? `${name}${args}` : `${func.target.name}.${name}${args}`;
  });
  return `write ${[...new Set(usages)].slice(0, 4).join(' or ')}`;
}

function failure(source: string, offset: number, problem: string): PlaybookError {
  const place = placeOf(source, offset);
  return new PlaybookError(
    'expression_failed',
    `The expression ${problem}${/[.?!]$/.test(problem) ? '' : '.'}\n${sourceExcerpt(source, place)}`,
    {
      details: { source, column: place.column, line: place.line },
    },
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
