import { cut } from './cut.ts';
import type { PayloadRef, ToolCall } from './execution.ts';
import { PlaybookError } from './failure.ts';
import type { Failure } from './failure.ts';
import { issuesInWords } from './issues-in-words.ts';
import { isJsonObject } from './json.ts';
import type { Json } from './json.ts';
import { normalise } from './normalise.ts';
import type { RunState } from './run-state.ts';
import type { ActionStepType } from './step-type.ts';

/** Larger outputs lie beside the record, as do all that would take its payloads beyond the total. */
export const MAX_INLINE_BYTES = 32 * 1024;
/** The most that all payloads of one record may take. */
export const MAX_INLINE_TOTAL_BYTES = 256 * 1024;
/** Larger outputs fail the step. */
export const MAX_OUTPUT_BYTES = 5 * 1024 * 1024;
const PREVIEW_CHARS = 500;
const FAILURE_PREVIEW_CHARS = 200;
const MAX_AGENT_CHARS = 64;

/** An output as later steps see it, and what of it the record holds. */
export interface KeptOutput {
  readonly output: Json;
  readonly recorded: { output?: Json; outputRef?: PayloadRef; normalised?: string[] };
}

/**
 * Makes JSON of what a step left, takes secrets out, checks it, and puts it into the record or, where it is large, beside
 * it. Throws `output_invalid` and `output_too_large`.
 */
export async function keepOutput(
  { path, type }: { readonly path: string; readonly type: ActionStepType },
  raw: unknown,
  run: RunState,
): Promise<KeptOutput> {
  const { json, notes } = normalise(raw);
  const checked = type.output.safeParse(run.engine.redact.json(json));
  if (!checked.success) {
    const problems = issuesInWords(checked.error);
    throw new PlaybookError(
      'output_invalid',
      `The output of ${path} is not what a ${type.type} step leaves: ${problems}`,
    );
  }
  const output = checked.data;
  const bytes = Buffer.byteLength(JSON.stringify(output));
  if (bytes > MAX_OUTPUT_BYTES) {
    throw new PlaybookError(
      'output_too_large',
      `The output of ${path} takes ${bytes} bytes; the most is ${MAX_OUTPUT_BYTES}. Ask for less, or in pages.`,
    );
  }
  const normalised = notes.length === 0 ? {} : { normalised: [...notes] };
  if (bytes <= MAX_INLINE_BYTES && run.inlineBytes + bytes <= MAX_INLINE_TOTAL_BYTES) {
    run.inlineBytes += bytes;
    return { output, recorded: { output, ...normalised } };
  }
  const outputRef = await run.engine.store.saveOutput(run.execution, path, output);
  return { output, recorded: { outputRef, ...normalised } };
}

/** The input as the record shows it: whole while it is small, else its beginning, and the agent by whom it is counted. */
export function recordedInput(input: Json, run: RunState): Json {
  const text = JSON.stringify(input);
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_INLINE_BYTES && run.inlineBytes + bytes <= MAX_INLINE_TOTAL_BYTES) {
    run.inlineBytes += bytes;
    return input;
  }
  const agent = isJsonObject(input) ? input['agent'] : undefined;
  return {
    truncated: true,
    bytes,
    preview: text.slice(0, PREVIEW_CHARS).toWellFormed(),
    ...(typeof agent === 'string' && { agent: cut(agent, MAX_AGENT_CHARS) }),
  };
}

/** A tool call of an agent as the record shows it, without secrets: whole while there is room, else the beginnings. */
export function recordedToolCall(call: ToolCall, run: RunState): ToolCall {
  return {
    ...call,
    input: recordedInput(run.engine.redact.json(call.input), run),
    output: recordedText(run.engine.redact.text(call.output), PREVIEW_CHARS, run),
  };
}

/** A failure as the record shows it: whole while there is room, else without details and only its beginning. */
export function recordedFailure({ details, ...failure }: Failure, run: RunState): Failure {
  const message = recordedText(failure.message, FAILURE_PREVIEW_CHARS, run);
  const hasRoom = run.inlineBytes + MAX_INLINE_BYTES <= MAX_INLINE_TOTAL_BYTES;
  return details === undefined || !hasRoom
    ? { ...failure, message }
    : { ...failure, message, details: recordedInput(details, run) };
}

function recordedText(text: string, previewChars: number, run: RunState): string {
  const bytes = Buffer.byteLength(text);
  if (run.inlineBytes + bytes > MAX_INLINE_TOTAL_BYTES) return cut(text, previewChars);
  run.inlineBytes += bytes;
  return text;
}
