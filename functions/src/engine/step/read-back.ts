import { isUnavailable } from '#core/failure.ts';
import type { Expressions } from '#language/expressions/expressions.ts';
import { isJsonObject, parseJson, type Json, type JsonObject } from '#core/json.ts';
import type { RunState } from '../state/run-state.ts';
import { hasTemplate, parseTemplate } from '#language/expressions/template.ts';
import { unlessAborted } from '#core/unless-aborted.ts';

/**
 * Everything that these expressions may name, now. Outputs that are not in memory are read back where one of them is named,
 * and not kept. Throws what `loadOutput` throws, and the reason of the run's signal when it aborts meanwhile.
 */
export async function scopeFor(sources: readonly string[], now: Date, run: RunState): Promise<JsonObject> {
  const named = namedSteps(sources, run.expressions);
  const readBack = new Map<string, Json>();
  for (const [id, ref] of run.scope.stored) {
    if (named !== 'all' && !named.has(id)) continue;
    readBack.set(id, parseJson(await unlessAborted(run.signal, run.engine.store.loadOutput(ref))));
  }
  return run.scope.at(now, readBack);
}

/**
 * Throws again what is no failure of the step that wants to read, but the end of this runner: its lease is lost, or an output
 * of an earlier one cannot be read back now.
 */
export function rethrowIfOver(thrown: unknown, run: RunState): void {
  run.journal.lost.throwIfAborted();
  if (isUnavailable(thrown)) throw thrown;
}

/** The expressions inside of `${{ }}` everywhere in a value; none where they cannot be read, which filling in will say. */
export function templateSources(value: Json): readonly string[] {
  if (typeof value === 'string') return hasTemplate(value) ? sourcesIn(value) : [];
  if (Array.isArray(value)) return value.flatMap(templateSources);
  return isJsonObject(value) ? Object.values(value).flatMap(templateSources) : [];
}

function sourcesIn(text: string): readonly string[] {
  try {
    return parseTemplate(text).flatMap((part) => (part.kind === 'expression' ? [part.source] : []));
  } catch {
    return [];
  }
}

function namedSteps(sources: readonly string[], expressions: Expressions): ReadonlySet<string> | 'all' {
  const named = new Set<string>();
  for (const source of sources) {
    for (const [root, id] of namesIn(source, expressions)) {
      if (root !== 'steps') continue;
      // `steps[x]` and `steps` itself may be any of them.
      if (id === undefined) return 'all';
      named.add(id);
    }
  }
  return named;
}

function namesIn(source: string, expressions: Expressions): readonly (readonly string[])[] {
  try {
    return expressions.compile(source).names;
  } catch {
    return [];
  }
}
