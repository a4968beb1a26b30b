import type { z } from 'zod';
import type { Json, JsonObject } from '../engine/json.ts';
import type { RetryPolicy, Step } from '../engine/playbook.ts';
import type { ActionStepType, Effect, StepContext } from '../engine/step-type.ts';
import type { Ports } from '../ports/ports.ts';

/** An action step type before it is given the world: everything about it in one file. */
export interface StepDefinition {
  readonly kind: 'action';
  readonly type: string;
  readonly summary: string;
  readonly fields: z.ZodRawShape;
  readonly output: z.ZodType<Json>;
  readonly example: JsonObject;
  readonly defaultTimeoutMs: number;
  readonly defaultRetry?: RetryPolicy;
  effect(step: Step): Effect;
  run(input: JsonObject, context: StepContext, ports: Ports): Promise<unknown>;
}

/** Hands a step type its ports; what comes out is what the engine knows. */
export function bindStep(definition: StepDefinition, ports: Ports): ActionStepType {
  return { ...definition, run: (input, context) => definition.run(input, context, ports) };
}
