import type { z } from 'zod';
import type { Clock } from '#core/clock.ts';
import type { Json, JsonObject } from '#core/json.ts';
import type { Alerts, RetryPolicy, Step } from './playbook.ts';
import type { ModelCall, ToolCall } from './step-calls.ts';
import type { Suspension } from './suspension.ts';
import type { StepNames } from './step-names.ts';

/**
 * What an attempt changes outside the execution. `none`: it may be repeated freely. `keyed`: the other side honours our
 * idempotency key, so a repetition has no second effect. `unkeyed`: a repetition may have a second effect.
 */
export type Effect = 'none' | 'keyed' | 'unkeyed';

/** What an attempt knows about itself. */
export interface StepContext {
  readonly executionId: string;
  readonly playbookId: string;
  readonly playbookName: string;
  readonly stepPath: string;
  readonly attempt: number;
  /** Whether a retryable failure of this attempt would be final. A step with a fallback uses it now. */
  readonly lastAttempt: boolean;
  /** `executionId/stepPath`: the same on every attempt of this step. */
  readonly idempotencyKey: string;
  /** Aborts when the step's timeout or the execution's deadline has passed, or the lease is lost. */
  readonly signal: AbortSignal;
  /** If set, the only address that may be notified: no channel sends to another, or posts where others read. */
  readonly onlyTo?: string;
  /** Whom the playbook notifies when something is wrong; undefined if it has no alerts. */
  readonly alerts?: Alerts | undefined;
  readonly clock: Clock;
  /** When the record of this execution, and everything created with it, may be deleted. */
  readonly expireAt: Date;
  /** Adds a model call (tokens, cost) to the attempt and waits until it is stored. Throws `lease_lost`. */
  recordModelCall(call: ModelCall): Promise<void>;
  /** Adds a tool call of an agent to the attempt; stored with the next write. */
  recordToolCall(call: ToolCall): void;
}

interface DescribedStep {
  readonly type: string;
  /** One sentence for the reference page. */
  readonly summary: string;
  readonly example: JsonObject;
  readonly output: z.ZodType<Json>;
}

/** An action as used for checking definitions and for the reference; it need not be able to run. */
export interface DescribedAction extends DescribedStep {
  readonly kind: 'action';
  /** The fields in addition to the common ones. */
  readonly fields: z.ZodRawShape;
  /** Those of these fields that name an agent, a role, channels or a tool. */
  readonly names?: StepNames;
}

/** An alert that the engine wants to be sent. */
export interface AlertMessage extends Alerts {
  readonly subject: string;
  /** Markdown. */
  readonly body: string;
  /**
   * Whether to restrict it to writes to our own database, which need no outside service. `channels` and `to` are then
   * ignored.
   */
  readonly onlyInside: boolean;
}

/**
 * One attempt of a step whose input was accepted. Resolves to the output, which is checked afterwards, or to a
 * `Suspended` that says what the execution has to wait for. Throws `PlaybookError`; anything else is a bug.
 */
export type AcceptedStep = (context: StepContext) => Promise<unknown>;

/**
 * A step that does something: its fields are filled in (`${{ }}`) and checked once by `accept`, which returns the
 * function to run.
 */
export interface ActionStepType extends DescribedAction {
  readonly defaultTimeoutMs: number;
  readonly defaultRetry?: RetryPolicy;
  /** From the step as written. Throws `unknown_tool` and the like if it names something that does not exist. */
  effect(step: Step): Effect;
  /** Checks the filled-in fields of a step. Throws `input_invalid` with every invalid field. */
  accept(step: Pick<Step, 'id'>, fields: Json): AcceptedStep;
  /**
   * Goes on with an attempt that was suspended: called when the execution was woken, in whatever process, by whatever
   * build. Types whose attempts never wait omit it.
   */
  resume?(step: Step, suspension: Suspension): AcceptedStep;
  /** The fields of a step of this type that sends an alert. Types that cannot send alerts omit it. */
  alertFields?(alert: AlertMessage): JsonObject;
}

/** A step that decides which other steps run. */
export interface ControlStepType extends DescribedStep {
  readonly kind: 'control';
  /** The fields in addition to the common ones; `steps` is the schema of a list of nested steps. */
  fields(steps: z.ZodType<readonly Step[]>): z.ZodRawShape;
  /** How its blocks run: `one` of them, `all` beside each other, or one `each` time for an item. */
  readonly runs: 'one' | 'all' | 'each';
  /** The nested lists of steps, by the name of their block, in the order in which they may run. */
  blocks(step: Step): readonly Block[];
  /** The fields that contain a bare expression (not a `${{ }}` template), to be checked when seeding. */
  expressions(step: Step): readonly { readonly field: string; readonly expression: string }[];
  /** Chooses the next block. `evaluate` evaluates an expression in the current scope. Throws `expression_failed`. */
  decide(step: Step, evaluate: (expression: string) => Json): Decision;
}

/** A nested list of steps, by the name of its field. */
export interface Block {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** The output of a control step, and what runs next: one block or none, several beside each other, or one again and again. */
export type Decision = { readonly output: Json } & (
  | { readonly block: string | undefined; readonly branches?: never; readonly each?: never }
  | { readonly branches: Branches; readonly block?: never; readonly each?: never }
  | { readonly each: Iterations; readonly block?: never; readonly branches?: never }
);

/** Blocks that run beside each other, at most `limit` at a time. */
export interface Branches {
  readonly blocks: readonly string[];
  readonly limit: number;
}

/** A block that runs once for each item, at most `limit` of them at a time. */
export interface Iterations {
  readonly block: string;
  readonly items: readonly Json[];
  readonly limit: number;
}

/** Any step type. */
export type StepType = ActionStepType | ControlStepType;

/** Any step type, as used for checks and for the reference. */
export type DescribedStepType = DescribedAction | ControlStepType;
