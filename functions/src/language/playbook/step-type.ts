import type { z } from 'zod';
import type { Clock } from '#core/clock.ts';
import type { Json, JsonObject } from '#core/json.ts';
import type { Alerts, RetryPolicy, Step } from './playbook.ts';
import type { ModelCall, ToolCall } from './step-calls.ts';

/**
 * What an attempt does to the world outside the execution.
 * `none`: it may be repeated freely. `keyed`: the other side honours our idempotency key, so a repetition has no second
 * effect. `unkeyed`: a repetition may have a second effect.
 */
export type Effect = 'none' | 'keyed' | 'unkeyed';

/** What an attempt is told about itself. */
export interface StepContext {
  readonly executionId: string;
  readonly playbookId: string;
  readonly playbookName: string;
  readonly stepPath: string;
  readonly attempt: number;
  /** Whether a retryable failure of this attempt would be final: a step that can fall back does so now. */
  readonly lastAttempt: boolean;
  /** `executionId/stepPath`: the same on every attempt of this step. */
  readonly idempotencyKey: string;
  /** Aborts when the step's timeout or the execution's deadline has passed, or the lease is lost. */
  readonly signal: AbortSignal;
  /** The one address that may be told anything: no channel sends to another, or posts where others read. */
  readonly onlyTo?: string;
  /** Whom the playbook tells when something is wrong; undefined where it tells nobody. */
  readonly alerts?: Alerts | undefined;
  readonly clock: Clock;
  /** When the record of this execution, and what was made beside it, may be deleted. */
  readonly expireAt: Date;
  /** Puts a model call on the attempt (tokens, cost) and waits until it is stored. Throws `lease_lost`. */
  recordModelCall(call: ModelCall): Promise<void>;
  /** Puts a tool call of an agent on the attempt; stored with the next write. */
  recordToolCall(call: ToolCall): void;
}

interface StepTypeBase {
  readonly type: string;
  /** One sentence for the reference page. */
  readonly summary: string;
  readonly example: JsonObject;
  readonly output: z.ZodType<Json>;
}

/** A step that does something: its fields are resolved (`${{ }}` filled in), checked, and handed to `run`. */
export interface ActionStepType extends StepTypeBase {
  readonly kind: 'action';
  /** The fields beside the common ones of every step. */
  readonly fields: z.ZodRawShape;
  readonly defaultTimeoutMs: number;
  readonly defaultRetry?: RetryPolicy;
  /** From the step as written. Throws `unknown_tool` and friends when it names something that does not exist. */
  effect(step: Step): Effect;
  /** Resolves to the output, checked against `output` afterwards. Throws `PlaybookError`; anything else is a bug. */
  run(input: JsonObject, context: StepContext): Promise<unknown>;
}

/** A step that decides which other steps run. */
export interface ControlStepType extends StepTypeBase {
  readonly kind: 'control';
  /** The fields beside the common ones; `steps` is the schema of a list of nested steps. */
  fields(steps: z.ZodType<readonly Step[]>): z.ZodRawShape;
  /** The nested lists of steps, by the name of their block, in the order in which they may run. */
  blocks(step: Step): readonly Block[];
  /** The fields that hold a bare expression (not a `${{ }}` template), for checking when seeded. */
  expressions(step: Step): readonly { readonly field: string; readonly expression: string }[];
  /** Chooses. `evaluate` evaluates an expression against what is known now. Throws `expression_failed`. */
  decide(step: Step, evaluate: (expression: string) => Json): Decision;
}

/** A nested list of steps, by the name of its field. */
export interface Block {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** The output of a control step, and the name of the block to run next (none: nothing more to do). */
export interface Decision {
  readonly output: Json;
  readonly block: string | undefined;
}

/** Anything that a step can be. */
export type StepType = ActionStepType | ControlStepType;
