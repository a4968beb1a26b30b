import { z } from 'zod';
import type { Json, JsonObject } from '#core/json.ts';
import type { RetryPolicy, Step } from '#language/playbook/playbook.ts';
import { readStepInput } from '#language/playbook/step-input.ts';
import type { StepNames } from '#language/playbook/step-names.ts';
import type {
  ActionStepType,
  AlertMessage,
  DescribedAction,
  Effect,
  StepContext,
} from '#language/playbook/step-type.ts';
import type { Ports } from '#ports/ports.ts';
import type { ReadAs, StepView, ToolsAndChannels } from './step-view.ts';

/** What a step can access when it runs: the ports, the tools and the channels. */
export interface StepPorts extends Ports, ToolsAndChannels {}

/** A step type before it is bound to the ports: everything about it, from one declaration. */
export interface StepDefinition extends DescribedAction, StepView {
  readonly readAs: ReadAs;
  effect(step: Step, named: ToolsAndChannels): Effect;
  /** Whether it sends the engine's alerts to people. */
  readonly tellsAlerts: boolean;
  /** The step type as the engine knows it. */
  bind(ports: StepPorts): ActionStepType;
}

type NamesOf<Shape extends object> = Extract<keyof Shape, string>;

interface StepDeclaration<Shape extends z.ZodRawShape, Output extends z.ZodType<Json>> extends StepView {
  /** The value of `type:` in a playbook. */
  readonly type: string;
  /** One sentence for the reference page. */
  readonly summary: string;
  /** The fields in addition to the common ones. Every `${{ }}` in them is filled in before they are checked. */
  readonly fields: Shape;
  readonly output: Output;
  readonly example: JsonObject;
  /** The fields that name something, for the checks of playbooks and the figures of agents. */
  readonly names?: StepNames<NamesOf<Shape>>;
  /** How the console shows input and output. */
  readonly readAs?: ReadAs<NamesOf<Shape>, Extract<keyof z.output<Output>, string>>;
  readonly defaultTimeoutMs: number;
  readonly defaultRetry?: RetryPolicy;
  /** The effect of the step as written. Throws where it names something that does not exist. */
  effect(step: Step, named: ToolsAndChannels): Effect;
  /** The fields of a step that sends an alert, for the one type that does. */
  alertFields?(alert: AlertMessage, named: ToolsAndChannels): z.input<z.ZodObject<Shape>> & JsonObject;
  /** Resolves to the output. `input` has been checked. Throws `PlaybookError`; anything else is a bug. */
  run(
    input: z.output<z.ZodObject<Shape, z.core.$strict>>,
    context: StepContext,
    ports: StepPorts,
  ): Promise<z.input<Output>>;
}

/** Makes a step type from its declaration: its input is checked once, and is typed in `run`. */
export function defineStep<Shape extends z.ZodRawShape, Output extends z.ZodType<Json>>(
  declaration: StepDeclaration<Shape, Output>,
): StepDefinition {
  const { run, effect, alertFields, readAs = {}, defaultTimeoutMs, defaultRetry, ...described } = declaration;
  const schema = z.strictObject(declaration.fields);
  return {
    ...described,
    kind: 'action',
    readAs,
    effect,
    tellsAlerts: alertFields !== undefined,
    bind: (ports) => ({
      ...described,
      kind: 'action',
      defaultTimeoutMs,
      ...(defaultRetry && { defaultRetry }),
      effect: (step) => effect(step, ports),
      ...(alertFields && { alertFields: (alert) => alertFields(alert, ports) }),
      accept(step, fields) {
        const input = readStepInput(schema, step, fields);
        return (context) => run(input, context, ports);
      },
    }),
  };
}
