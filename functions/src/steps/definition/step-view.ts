import type { Channel } from '#channels/channel.ts';
import type { Json } from '#core/json.ts';
import type { Step } from '#language/playbook/playbook.ts';
import type { People } from '#language/settings/people.ts';
import type { Tool } from '#tools/tool.ts';

/** The tools and channels that a step may name. */
export interface ToolsAndChannels {
  readonly tools: readonly Tool[];
  readonly channels: readonly Channel[];
}

/** What a description of a step may refer to. */
export interface NamedByStep extends ToolsAndChannels {
  readonly roles: People['roles'];
}

/** How the console shows one part of a step's input. */
export type InputPart<Field extends string = string> =
  /** Names and short texts, each with its label. */
  | { readonly as: 'facts'; readonly fields: Readonly<Record<string, Field>> }
  /** A text with line breaks. */
  | { readonly as: 'text'; readonly label: string; readonly field: Field }
  /** A title and Markdown. */
  | { readonly as: 'message'; readonly title: Field; readonly body: Field }
  /** The step's data, as JSON. */
  | { readonly as: 'data'; readonly field: Field };

/** An output that is a report in Markdown, and its author. */
export interface ReportOutput<Field extends string = string> {
  readonly as: 'report';
  readonly title?: Field;
  readonly text: Field;
  /** The model; `none` if no model wrote it. */
  readonly model?: Field;
  /** Why no model wrote it. */
  readonly reason?: Field;
}

/** How the console shows a step's input and output; fields that are not listed are shown as JSON. */
export interface ReadAs<InputField extends string = string, OutputField extends string = string> {
  readonly input?: readonly InputPart<InputField>[];
  readonly output?: ReportOutput<OutputField>;
}

/** A result of a step for people: a message, a thread. */
export interface LeftForPeople {
  /** `email, sent`, `thread, awaiting approval`. */
  readonly what: string;
  readonly to: string;
  readonly title: string;
}

/** How a step type appears to people, in the console and on the command line. */
export interface StepView {
  /**
   * The outside effects of a step as written, in words. Without this, a step with an effect is described by its type. Parts
   * that an expression decides are described as such.
   */
  outsideEffects?(step: Step, named: NamedByStep): readonly string[];
  /** The results for people of a successful attempt, from its record. Empty where the record does not say. */
  leftForPeople?(input: Json, output: Json): readonly LeftForPeople[];
}
