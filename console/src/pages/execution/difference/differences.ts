import type { CriterionResult, Execution } from '#engine/record/execution.ts';
import type { StepRecord } from '#engine/record/step-schema.ts';
import type { Json } from '#core/json.ts';
import { jsonDigest } from '#core/json-digest.ts';

/** What an execution and an earlier one of the same playbook do not have in common. */
export interface Differences {
  readonly isOtherVersion: boolean;
  readonly inputs: readonly {
    readonly name: string;
    readonly before: Json | undefined;
    readonly after: Json | undefined;
  }[];
  readonly steps: readonly StepDifference[];
  readonly criteria: readonly {
    readonly name: string;
    readonly before: CriterionResult | undefined;
    readonly after: CriterionResult | undefined;
  }[];
  readonly outputs: readonly OutputDifference[];
}

/** A step that ended otherwise, or took much longer or shorter. Undefined: that execution did not come to it. */
export interface StepDifference {
  readonly path: string;
  readonly before: StepRecord | undefined;
  readonly after: StepRecord | undefined;
}

/** A step that left something else; `before` and `after` are undefined where an output lies beside its record. */
export interface OutputDifference {
  readonly path: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** A duration counts as changed from this difference and factor on: less is noise. */
const TELLING_MS = 250;
const TELLING_FACTOR = 1.5;

/** Compares an execution that has ended with an earlier one. */
export function differencesOf(before: Execution, after: Execution): Differences {
  const paths = [...new Set([...pathsOf(after), ...pathsOf(before)])];
  const pairs = paths.map((path) => ({ path, before: before.steps[path], after: after.steps[path] }));
  return {
    isOtherVersion: before.version !== after.version,
    inputs: keysOf(before.inputs, after.inputs)
      .map((name) => ({ name, before: before.inputs[name], after: after.inputs[name] }))
      .filter((input) => jsonDigest([input.before ?? null]) !== jsonDigest([input.after ?? null])),
    steps: pairs.filter(isTelling),
    criteria: changedCriteria(before, after),
    outputs: pairs.flatMap((pair) => changedOutput(pair) ?? []),
  };
}

/** Whether there is nothing to show. */
export function isSame({ isOtherVersion, inputs, steps, criteria, outputs }: Differences): boolean {
  return !isOtherVersion && [inputs, steps, criteria, outputs].every(({ length }) => length === 0);
}

function pathsOf({ steps }: Execution): readonly string[] {
  return Object.values(steps)
    .toSorted((a, b) => a.order - b.order)
    .map(({ path }) => path);
}

function isTelling({ before, after }: StepDifference): boolean {
  if (before?.status !== after?.status) return true;
  if (before === undefined || after === undefined || before.status === 'running' || after.status === 'running') {
    return false;
  }
  const [less, more] = [before.durationMs, after.durationMs].toSorted((a, b) => a - b);
  return less !== undefined && more !== undefined && more - less >= TELLING_MS && more >= less * TELLING_FACTOR;
}

function changedCriteria(before: Execution, after: Execution): Differences['criteria'] {
  const [old, now] = [criteriaOf(before), criteriaOf(after)];
  const ids = [...new Set([...now.keys(), ...old.keys()])];
  return ids
    .map((id) => ({ name: now.get(id)?.name ?? old.get(id)?.name ?? id, before: old.get(id), after: now.get(id) }))
    .filter((pair) => jsonDigest(measured(pair.before)) !== jsonDigest(measured(pair.after)));
}

function criteriaOf(execution: Execution): ReadonlyMap<string, CriterionResult> {
  return new Map('criteria' in execution ? execution.criteria.map((criterion) => [criterion.id, criterion]) : []);
}

function measured(criterion: CriterionResult | undefined): Json {
  return criterion === undefined ? null : [criterion.value, criterion.band];
}

function changedOutput({ path, before, after }: StepDifference): OutputDifference | undefined {
  const [old, now] = [outputOf(before), outputOf(after)];
  if (old === undefined || now === undefined || old.digest === now.digest) return undefined;
  return { path, before: old.json, after: now.json };
}

/** A digest by which outputs of the same kind compare; one in the record and one beside it differ in size already. */
function outputOf(
  record: StepRecord | undefined,
): { readonly digest: string; readonly json: Json | undefined } | undefined {
  const last = record?.attempts.at(-1);
  if (last?.status !== 'succeeded') return undefined;
  if (last.outputRef !== undefined) return { digest: last.outputRef.sha256, json: undefined };
  return { digest: jsonDigest(last.output ?? null), json: last.output ?? null };
}

function keysOf(...maps: readonly object[]): readonly string[] {
  return [...new Set(maps.flatMap((map) => Object.keys(map)))].toSorted();
}
