import type { Suspension } from '#language/playbook/suspension.ts';
import { depthOf, segmentsOf } from '#language/playbook/step-path.ts';
import type { StepRecord } from './step-schema.ts';

/** What of an execution is held against each other. */
interface Told {
  readonly status: string;
  readonly startedAt: Date;
  readonly stepsExecuted: number;
  readonly steps: Readonly<Record<string, StepRecord>>;
  readonly window: { readonly start: Date; readonly end: Date };
  readonly slot: Date | null;
  readonly reason?: string;
  readonly offSchedule?: boolean | undefined;
  readonly waitsFor?: Readonly<Record<string, Suspension>>;
}

/** What fields of an execution say against each other, in sentences; none where they agree. */
export function contradictionsIn(execution: Told): readonly string[] {
  return [
    ...countContradictions(execution),
    ...stepContradictions(execution),
    ...waitContradictions(execution),
    ...slotContradictions(execution),
  ];
}

/** How many steps of a record ran to an end. */
export function executedCount(steps: Iterable<StepRecord>): number {
  let executed = 0;
  for (const { status } of steps) if (status === 'succeeded' || status === 'failed') executed += 1;
  return executed;
}

function countContradictions({ stepsExecuted, steps }: Told): readonly string[] {
  const executed = executedCount(Object.values(steps));
  return stepsExecuted === executed ? [] : [`stepsExecuted is ${stepsExecuted}, and ${executed} of its steps were`];
}

function stepContradictions({ status, steps }: Told): readonly string[] {
  return Object.entries(steps).flatMap(([path, step]) => [
    ...(step.path === path ? [] : [`steps.${path} is the record of ${step.path}`]),
    ...(status !== 'failed' && 'shortened' in step
      ? [`steps.${path} is shortened, which only a failed execution is`]
      : []),
    ...(status === 'succeeded' && isFatal(step) ? [`it succeeded, although ${path} failed and ended it`] : []),
  ]);
}

/** Exactly the steps that wait are waited for. Those of iterations lie elsewhere. */
function waitContradictions({ status, steps, waitsFor = {} }: Told): readonly string[] {
  if (status !== 'waiting') return [];
  const lastStatus = (path: string): string | undefined => steps[path]?.attempts.at(-1)?.status;
  const isElsewhere = (path: string): boolean => segmentsOf(path).some(({ iteration }) => iteration !== undefined);
  const named = Object.keys(waitsFor);
  return [
    ...(named.length > 0 ? [] : ['it waits for nothing']),
    ...named
      .filter((path) => !isElsewhere(path) && lastStatus(path) !== 'waiting')
      .map((path) => `it waits for ${path}, which does not wait`),
    ...Object.keys(steps).flatMap((path) => [
      ...(lastStatus(path) === 'running' ? [`it waits, although ${path} runs`] : []),
      ...(lastStatus(path) === 'waiting' && !named.includes(path) ? [`${path} waits, and it does not say so`] : []),
    ]),
  ];
}

/** What fails inside of a block fails the step that the block belongs to, and that one says whether it went on. */
function isFatal(step: StepRecord): boolean {
  return step.status === 'failed' && !step.continued && depthOf(step.path) === 0;
}

function slotContradictions({ slot, window, reason, offSchedule }: Told): readonly string[] {
  const isOfSlot = reason === 'stale' || reason === 'repeated_hour' || offSchedule === true;
  return [
    ...(window.start <= window.end ? [] : ['its window ends before it begins']),
    ...(slot === null && isOfSlot ? ['what only holds for a slot is said of none'] : []),
  ];
}
