import { evaluateCondition, type Expression } from './expression.ts';
import { PlaybookError } from '#core/failure.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { resolveTemplates } from './template.ts';

/** Expressions and templates, as used by the engine. All methods throw `expression_failed`, which shows the place. */
export interface Expressions {
  /** Parses and checks a source, once for many evaluations. */
  compile(source: string): Expression;
  evaluate(source: string, scope: JsonObject): Json;
  /** Throws for anything but true or false. */
  isTrue(source: string, scope: JsonObject): boolean;
  /** Fills in every `${{ }}` in a value. */
  resolve(value: Json, scope: JsonObject): Json;
}

type Compile = Expressions['compile'];

let loading: Promise<Compile> | undefined;

/**
 * Loads the expression language, which takes about 20 ms the first time in a process. If `needed` is false, it loads
 * nothing, and evaluating is a bug (`internal`). See `needsExpressions`.
 */
export async function loadExpressions(needed = true): Promise<Expressions> {
  if (!needed) return expressionsBy(notLoaded);
  loading ??= import('./compiler.ts').then(({ expressionCompiler }) => expressionCompiler());
  return expressionsBy(await loading);
}

function expressionsBy(compile: Compile): Expressions {
  return {
    compile,
    evaluate: (source, scope) => compile(source).evaluate(scope),
    isTrue: (source, scope) => evaluateCondition(compile(source), scope),
    resolve: (value, scope) => resolveTemplates(value, scope, compile),
  };
}

function notLoaded(source: string): never {
  throw new PlaybookError('internal', `The expression language was not loaded, but is needed for \`${source}\`.`);
}
