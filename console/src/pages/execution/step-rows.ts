import { ALERT_NAME, ALERT_PATH } from '#engine/alert.ts';
import { isEnded, type Execution } from '#engine/record/execution.ts';
import type { StepRecord } from '#engine/record/step-schema.ts';
import type { Playbook, Step } from '#language/playbook/playbook.ts';
import { depthOf, pathOf, type StepPath } from '#language/playbook/step-path.ts';
import type { AnyStepDefinition } from '#steps/index.ts';
import type { ReadAs } from '#steps/definition/step-view.ts';

/** One step as the timeline shows it. Without a record it has not begun. */
export interface StepRow {
  readonly path: string;
  readonly name: string;
  readonly type: string;
  /** From 0. */
  readonly depth: number;
  readonly record: StepRecord | undefined;
  /** As the definition has it. */
  readonly step: Step | undefined;
  /** How people read its input and output. */
  readonly readAs: ReadAs;
}

const MAX_DEPTH = 6;

/**
 * The steps in the order of the definition, nested ones below their own, with what was recorded of each; then what is
 * recorded and in no definition, like the alert at the end. Of a block that was not chosen there is nothing.
 */
export function stepRows(
  { steps }: Execution,
  definition: Playbook | undefined,
  stepTypes: readonly AnyStepDefinition[],
): readonly StepRow[] {
  const types = new Map(stepTypes.map((stepType) => [stepType.type, stepType]));
  const records = new Map(Object.entries(steps));
  const planned = definition === undefined ? [] : plannedRows(definition.steps, undefined, { records, types });
  const placed = new Set(planned.map(({ path }) => path));
  const others = [...records.values()]
    .filter(({ path }) => !placed.has(path))
    .toSorted((a, b) => a.order - b.order)
    .map((record): StepRow => ({
      path: record.path,
      name: record.path === ALERT_PATH ? ALERT_NAME : record.id,
      type: record.type,
      depth: shownDepth(record.path),
      record,
      step: undefined,
      readAs: readAsOf(types.get(record.type)),
    }));
  return [...planned, ...others];
}

/** The step to show unless another is asked for: while it runs the one that runs, else the one that failed, else the last that began. */
export function stepToShow(execution: Execution, rows: readonly StepRow[]): StepRow | undefined {
  const begun = rows.filter(({ record }) => record !== undefined);
  const failedPath = 'failedStep' in execution ? execution.failedStep : null;
  // A condition fails or runs with the step inside it, which says more.
  const innermost = (status: StepRecord['status']) => begun.findLast(({ record }) => record?.status === status);
  if (!isEnded(execution)) return innermost('running') ?? latest(begun);
  return begun.find(({ path }) => path === failedPath) ?? innermost('failed') ?? latest(begun);
}

interface Known {
  readonly records: ReadonlyMap<string, StepRecord>;
  readonly types: ReadonlyMap<string, AnyStepDefinition>;
}

function plannedRows(steps: readonly Step[], parent: StepPath | undefined, known: Known): readonly StepRow[] {
  return steps.flatMap((step) => {
    const path = pathOf(parent, step);
    const record = known.records.get(path);
    const type = known.types.get(step.type);
    const row = {
      path,
      name: step.name ?? step.id,
      type: step.type,
      depth: shownDepth(path),
      record,
      step,
      readAs: readAsOf(type),
    };
    const blocks = type?.kind === 'control' ? type.blocks(step) : [];
    const chosen = blocks.find(({ name }) => name === record?.block);
    return [row, ...plannedRows(chosen?.steps ?? [], path, known)];
  });
}

function readAsOf(type: AnyStepDefinition | undefined): ReadAs {
  return type?.kind === 'action' ? type.readAs : {};
}

function shownDepth(path: string): number {
  return Math.min(MAX_DEPTH, depthOf(path));
}

function latest(rows: readonly StepRow[]): StepRow | undefined {
  return rows.toSorted((a, b) => (b.record?.order ?? 0) - (a.record?.order ?? 0))[0];
}
