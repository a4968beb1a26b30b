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

/** What the words about a step may refer to. */
export interface NamedByStep extends ToolsAndChannels {
  readonly roles: People['roles'];
}

/** How people read one part of a step's input. */
export type InputPart<Field extends string = string> =
  /** Names and short words, each with its label. */
  | { readonly as: 'facts'; readonly fields: Readonly<Record<string, Field>> }
  /** A text with its lines. */
  | { readonly as: 'text'; readonly label: string; readonly field: Field }
  /** A title and Markdown. */
  | { readonly as: 'message'; readonly title: Field; readonly body: Field }
  /** The data it works on, as JSON. */
  | { readonly as: 'data'; readonly field: Field };

/** An output that is a report in Markdown, and who wrote it. */
export interface ReportOutput<Field extends string = string> {
  readonly as: 'report';
  readonly title?: Field;
  readonly text: Field;
  /** The model; `none` where none wrote it. */
  readonly model?: Field;
  /** Why no model wrote it. */
  readonly reason?: Field;
}

/** How people read what a step was given and what it left; what is not said here they read as JSON. */
export interface ReadAs<InputField extends string = string, OutputField extends string = string> {
  readonly input?: readonly InputPart<InputField>[];
  readonly output?: ReportOutput<OutputField>;
}

/** One thing that a step left for people: a message, a thread. */
export interface LeftForPeople {
  /** `email, sent`, `thread, awaiting approval`. */
  readonly what: string;
  readonly to: string;
  readonly title: string;
}

/** What a step type does for the eyes of people, in the console and on the command line. */
export interface StepView {
  /**
   * What a step, as written, does to the world outside, in words. Without it, a step with an effect is said to do what a
   * step of its type does. What an expression decides is said to be so.
   */
  outsideEffects?(step: Step, named: NamedByStep): readonly string[];
  /** What an attempt that succeeded left for people, read off its record. Empty where the record does not say. */
  leftForPeople?(input: Json, output: Json): readonly LeftForPeople[];
}
