import type { z } from 'zod';
import type { Clock } from '#core/clock.ts';
import type { Json, JsonObject } from '#core/json.ts';
import type { Alerts, RetryPolicy, Step } from './playbook.ts';
import type { ModelCall, ToolCall } from './step-calls.ts';
import type { StepNames } from './step-names.ts';

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

interface DescribedStep {
  readonly type: string;
  /** One sentence for the reference page. */
  readonly summary: string;
  readonly example: JsonObject;
  readonly output: z.ZodType<Json>;
}

/** An action as definitions are checked against it and the reference shows it; it need not be able to run. */
export interface DescribedAction extends DescribedStep {
  readonly kind: 'action';
  /** The fields beside the common ones of every step. */
  readonly fields: z.ZodRawShape;
  /** Which of these fields name something: an agent, a role, channels, a tool. */
  readonly names?: StepNames;
}

/** A message that the engine has told when something is wrong. */
export interface AlertMessage extends Alerts {
  readonly subject: string;
  /** Markdown. */
  readonly body: string;
  /** Only where nobody outside is needed for it: a write to our own database. `channels` and `to` do not count then. */
  readonly onlyInside: boolean;
}

/** One attempt of a step whose input was accepted. Resolves to the output, checked afterwards. Throws `PlaybookError`; anything else is a bug. */
export type AcceptedStep = (context: StepContext) => Promise<unknown>;

/** A step that does something: its fields are filled in (`${{ }}`), checked once by `accept`, and what comes out is run. */
export interface ActionStepType extends DescribedAction {
  readonly defaultTimeoutMs: number;
  readonly defaultRetry?: RetryPolicy;
  /** From the step as written. Throws `unknown_tool` and friends when it names something that does not exist. */
  effect(step: Step): Effect;
  /** Checks the fields of a step, filled in. Throws `input_invalid` with every field that is wrong. */
  accept(step: Pick<Step, 'id'>, fields: Json): AcceptedStep;
  /** The fields of a step of this type that tells people an alert; a type without it cannot. */
  alertFields?(alert: AlertMessage): JsonObject;
}

/** A step that decides which other steps run. */
export interface ControlStepType extends DescribedStep {
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

/** Anything that a step can be, as it is checked and described. */
export type DescribedStepType = DescribedAction | ControlStepType;
