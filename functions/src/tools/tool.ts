import type { z } from 'zod';
import type { Clock } from '#core/clock.ts';
import { PlaybookError } from '#core/failure.ts';
import { issuesInWords } from '#core/issues-in-words.ts';
import type { Json, JsonObject } from '#core/json.ts';
import type { DescribedTool } from '#language/reference/reference-page.ts';
import { oneNamed } from '#core/one-named.ts';
import type { Effect } from '#language/playbook/step-type.ts';
import type { ToolNames } from '#language/playbook/tool-names.ts';
import { reachable } from '#records/store/reachable.ts';
import type { Ports } from '#ports/ports.ts';

/** The context of a tool call, by a step or by an agent. */
export interface ToolContext {
  readonly ports: Ports;
  /** Who wrote the input: the author of a playbook, or a model, which has no special rights. */
  readonly caller: 'step' | 'agent';
  readonly executionId: string;
  /** The same on every attempt of the same call. */
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** A function that steps and agents can call. To add a tool, add one file and a line in `index.ts`. */
export interface Tool extends DescribedTool {
  /** The fields of the input that name something. */
  readonly names: ToolNames;
  /** The outside effect of a call with this input as written, for people who are about to run a playbook. */
  outsideWords(input: JsonObject): string;
  /** Checks the input, runs, checks the output. Throws `input_invalid`, `output_invalid`, and what the tool throws. */
  call(input: unknown, context: ToolContext): Promise<Json>;
}

interface ToolDefinition<Input extends z.ZodType, Output extends z.ZodType<Json>> {
  readonly name: string;
  readonly summary: string;
  readonly effect: Effect;
  readonly input: Input;
  readonly output: Output;
  readonly example: z.input<Input> & Json;
  readonly names?: ToolNames<Extract<keyof z.input<Input>, string>>;
  /** By default, `getSpend: ` and the summary. */
  outsideWords?(input: JsonObject): string;
  run(input: z.output<Input>, context: ToolContext): Promise<z.input<Output>>;
}

/** The tool of this name. Throws `unknown_tool`, with a suggestion. */
export function toolNamed(tools: readonly Tool[], name: string): Tool {
  return oneNamed(tools, name, { what: 'tool', code: 'unknown_tool' });
}

/** Makes a tool from its definition: input and output of every call are checked against their schemas. */
export function defineTool<Input extends z.ZodType, Output extends z.ZodType<Json>>(
  definition: ToolDefinition<Input, Output>,
): Tool {
  const { name, run, names = {}, ...described } = definition;
  return {
    outsideWords: () => `${name}: ${definition.summary}`,
    ...described,
    name,
    names,
    async call(input, context) {
      const parsed = definition.input.safeParse(input);
      if (!parsed.success) {
        throw new PlaybookError('input_invalid', `The input of ${name} is invalid: ${issuesInWords(parsed.error)}`);
      }
      const output = definition.output.safeParse(await reachable(run(parsed.data, context)));
      if (!output.success) {
        throw new PlaybookError('output_invalid', `${name} returned invalid output: ${issuesInWords(output.error)}`);
      }
      return output.data;
    },
  };
}
