import type { ExecutionChanges } from '#engine/record/execution-store.ts';
import type { FinishedExecution, RunningExecution, WaitingExecution } from '#engine/record/execution.ts';
import { recordedSteps } from '#engine/record/iterations.ts';
import { DELETE_FIELD, type FieldChange } from '#ports/documents/documents.ts';
import { toDocument } from '../store/document-json.ts';
import { RECORD_FORMAT } from '../store/record-format.ts';
import { facetsOf } from './execution-facets.ts';

/** Earlier code must leave the record as it is. */
const LATEST_FORMAT: readonly FieldChange[] = [{ field: ['format'], value: RECORD_FORMAT }];

/** A change of an execution, as the fields of its document that it changes. */
export function fieldChanges({ steps, stepsExecuted, next }: ExecutionChanges): FieldChange[] {
  const changes: FieldChange[] = recordedSteps(steps.values()).map((step) => ({
    field: ['steps', step.path],
    value: toDocument(step, 2),
  }));
  if (Array.from(steps.values()).some(({ spread }) => spread !== undefined)) changes.push(...LATEST_FORMAT);
  const executed: FieldChange[] = changes.length > 0 ? [{ field: ['stepsExecuted'], value: stepsExecuted }] : [];
  switch (next.kind) {
    case 'running':
      return [...changes, ...leaseChanges(next), ...executed];
    case 'resumed':
      return [...changes, ...leaseChanges(next), ...executed, ...resumedChanges(next.deadlineAt)];
    case 'waiting':
      return [...changes, ...waitingChanges(next.waiting)];
    case 'ended':
      return [...changes, ...endChanges(next.finished)];
    case 'ended_short':
      return shortEndChanges(next.finished);
  }
}

function leaseChanges({ lease, wakeAt }: Pick<RunningExecution, 'lease'> & { readonly wakeAt: Date }): FieldChange[] {
  return [
    { field: ['lease'], value: toDocument(lease, 1) },
    { field: ['wakeAt'], value: wakeAt },
  ];
}

/** An execution that waited runs again. */
function resumedChanges(deadlineAt: Date): FieldChange[] {
  return [
    { field: ['status'], value: 'running' },
    { field: ['deadlineAt'], value: deadlineAt },
    ...gone('waitsFor', 'remainingMs', 'runner'),
  ];
}

/** A parked execution has no lease, and no deadline as long as it waits. Earlier code must not take it for one that runs. */
function waitingChanges({ waitsFor, wakeAt, remainingMs, runner, stepsExecuted }: WaitingExecution): FieldChange[] {
  const changed = { status: 'waiting', waitsFor, wakeAt, remainingMs, runner, stepsExecuted };
  return [
    ...LATEST_FORMAT,
    ...Object.entries(changed).map(([name, value]) => ({ field: [name], value: toDocument(value, 1) })),
    ...gone('lease', 'deadlineAt'),
  ];
}

function endChanges(finished: FinishedExecution): FieldChange[] {
  const changes = Object.entries(finished).flatMap(([name, value]): FieldChange[] =>
    name === 'steps' || value === undefined ? [] : [{ field: [name], value: toDocument(value, 1) }],
  );
  // Otherwise they are those that it began with.
  if (finished.status === 'cancelled') changes.push(...LATEST_FORMAT);
  if (finished.status !== 'succeeded') changes.push({ field: ['facets'], value: facetsOf(finished) });
  return [...changes, ...gone('lease', 'deadlineAt', 'wakeAt', 'waitsFor', 'remainingMs')];
}

function gone(...names: readonly string[]): FieldChange[] {
  return names.map((name) => ({ field: [name], value: DELETE_FIELD }));
}

/** Replaces all steps: their present content may be what makes the record too large. */
function shortEndChanges(finished: FinishedExecution): FieldChange[] {
  return [...endChanges(finished), { field: ['steps'], value: toDocument(finished.steps, 1) }];
}
