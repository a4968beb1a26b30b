import type { RunningExecution } from './execution.ts';
import type { Failure } from './failure.ts';
import type { Json, JsonObject } from './json.ts';
import type { Playbook, Step } from './playbook.ts';
import type { StepType } from './step-type.ts';

/** What an expression sees of one step. A step that did not run has neither output nor failure. */
export interface StepView {
  readonly status: 'pending' | 'running' | 'succeeded' | 'failed' | 'skipped';
  readonly output: Json;
  readonly failure: { readonly code: string; readonly message: string } | null;
}

const NOT_RUN: StepView = { status: 'pending', output: null, failure: null };

/** Everything that expressions of one execution may name, kept current while it runs. */
export interface Scope {
  set(stepId: string, view: StepView): void;
  at(now: Date): JsonObject;
}

/** The scope of an execution that begins: every step of `stepIds` is pending. */
export function scopeOf(playbook: Playbook, execution: RunningExecution, stepIds: readonly string[]): Scope {
  const steps: Record<string, JsonObject> = {};
  for (const id of stepIds) steps[id] = { ...NOT_RUN };
  const fixed = {
    steps,
    inputs: execution.inputs,
    trigger: { kind: execution.trigger.kind, slot: execution.slot?.toISOString() ?? null },
    playbook: { id: playbook.id, name: playbook.name, version: execution.version },
    execution: { id: execution.id, startedAt: execution.startedAt.toISOString() },
    window: { start: execution.window.start.toISOString(), end: execution.window.end.toISOString() },
  };
  return {
    set: (stepId, view) => {
      steps[stepId] = { ...view };
    },
    at: (now) => ({ ...fixed, now: now.toISOString() }),
  };
}

/** What an expression sees of a failure. */
export function failureView(failure: Failure): StepView['failure'] {
  return { code: failure.code, message: failure.message };
}

/** A step and where it stands: its own id behind the ids of the steps around it. */
export interface PlacedStep {
  readonly path: string;
  readonly step: Step;
}

/** The path of a step below another (empty: at the top): `any_offline.alert`. */
export function pathOf(parentPath: string, step: Step): string {
  return parentPath === '' ? step.id : `${parentPath}.${step.id}`;
}

/** Every step of a playbook, nested ones included, in the order in which they are written. */
export function allSteps(steps: readonly Step[], types: ReadonlyMap<string, StepType>, parentPath = ''): PlacedStep[] {
  return steps.flatMap((step) => {
    const path = pathOf(parentPath, step);
    const type = types.get(step.type);
    const nested = type?.kind === 'control' ? type.blocks(step) : [];
    return [{ path, step }, ...nested.flatMap((block) => allSteps(block.steps, types, path))];
  });
}
