import type { RunningExecution } from '../record/execution.ts';
import type { PayloadRef } from '../record/attempt.ts';
import type { Failure } from '#core/failure.ts';
import { parseJson, type Json, type JsonObject } from '#core/json.ts';
import type { Playbook } from '#language/playbook/playbook.ts';
import type { VisibleStatus } from '#language/playbook/steps-in-order.ts';

/**
 * An output that expressions may name. A large one is held as JSON text, which is parsed only while it is read;
 * `stored`: it is outside the record and is read back when an expression names it.
 */
export type HeldOutput =
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'text'; readonly json: string }
  | { readonly kind: 'stored'; readonly ref: PayloadRef };

/** No output: of a step that failed, was skipped or has not run. */
export const NO_OUTPUT: HeldOutput = { kind: 'value', value: null };

/** What an expression sees of one step. A step that did not run has neither output nor failure. */
export interface StepView {
  readonly status: VisibleStatus;
  readonly output: HeldOutput;
  readonly failure: { readonly code: string; readonly message: string } | null;
}

const NOT_RUN: StepView = { status: 'pending', output: NO_OUTPUT, failure: null };

/** Everything that expressions of one execution may name, kept current while it runs. */
export interface Scope {
  set(stepId: string, view: StepView): void;
  /** The scope of steps that run for themselves: they see all of this one, and what they leave is seen by them alone. */
  inside(names: JsonObject): Scope;
  /** The outputs that must be read back before an expression sees them, by the id of their step. */
  readonly stored: ReadonlyMap<string, PayloadRef>;
  /** `readBack`: outputs of `stored`, by the id of their step; of others of them an expression sees null. */
  at(now: Date, readBack?: ReadonlyMap<string, Json>): JsonObject;
}

/** The scope of an execution that begins: every step of `stepIds` is pending. */
export function scopeOf(playbook: Playbook, execution: RunningExecution, stepIds: readonly string[]): Scope {
  const names = {
    inputs: execution.inputs,
    trigger: { kind: execution.trigger.kind, slot: execution.slot?.toISOString() ?? null },
    playbook: { id: playbook.id, name: playbook.name, version: execution.version },
    execution: { id: execution.id, startedAt: execution.startedAt.toISOString() },
    window: { start: execution.window.start.toISOString(), end: execution.window.end.toISOString() },
  };
  return scopeWith(names, Object.fromEntries(stepIds.map((id) => [id, seen(NOT_RUN)])), new Map());
}

function scopeWith(names: JsonObject, steps: Record<string, JsonObject>, stored: Map<string, PayloadRef>): Scope {
  return {
    stored,
    set: (stepId, view) => {
      steps[stepId] = seen(view);
      if (view.output.kind === 'stored') stored.set(stepId, view.output.ref);
      else stored.delete(stepId);
    },
    inside: (more) => scopeWith({ ...names, ...more }, { ...steps }, new Map(stored)),
    at: (now, readBack = new Map()) => ({
      ...names,
      steps: readBack.size === 0 ? steps : { ...steps, ...withOutputs(steps, readBack) },
      now: now.toISOString(),
    }),
  };
}

function withOutputs(steps: Readonly<Record<string, JsonObject>>, outputs: ReadonlyMap<string, Json>): JsonObject {
  return Object.fromEntries(Array.from(outputs, ([id, output]) => [id, { ...steps[id], output }]));
}

function seen({ status, output, failure }: StepView): JsonObject {
  if (output.kind !== 'text') return { status, output: output.kind === 'value' ? output.value : null, failure };
  const { json } = output;
  // Objects take many times the memory of the text: they stay only for as long as the collector lets them.
  let parsed: WeakRef<{ readonly value: Json }> | undefined;
  return {
    status,
    failure,
    get output() {
      const known = parsed?.deref();
      if (known !== undefined) return known.value;
      const made = { value: parseJson(json) };
      parsed = new WeakRef(made);
      return made.value;
    },
  };
}

/** What an expression sees of a failure. */
export function failureView(failure: Failure): StepView['failure'] {
  return { code: failure.code, message: failure.message };
}
