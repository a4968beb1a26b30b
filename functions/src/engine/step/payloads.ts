import { cut, startOf } from '#core/cut.ts';
import type { RunningExecution } from '../record/execution.ts';
import type { RecordedOutput } from '../record/attempt.ts';
import type { ToolCall } from '#language/playbook/step-calls.ts';
import { PlaybookError, type Failure } from '#core/failure.ts';
import { issuesInWords } from '#core/issues-in-words.ts';
import { isJsonObject, type Json } from '#core/json.ts';
import { normalise } from '#core/normalise.ts';
import { MAX_EXECUTION_OUTPUT_BYTES } from '../state/output-room.ts';
import { weightOf } from '#core/json-weight.ts';
import type { RunState } from '../state/run-state.ts';
import type { HeldOutput } from '../state/scope.ts';
import type { ActionStepType } from '#language/playbook/step-type.ts';

/** Larger outputs are stored outside the record, as are all that would exceed the total of its payloads. */
export const MAX_INLINE_BYTES = 32 * 1024;
/** The most that all payloads of one record may take. */
export const MAX_INLINE_TOTAL_BYTES = 256 * 1024;
/** The most that all steps of one record may take. */
const MAX_STEPS_BYTES = 640 * 1024;
/** The most that all steps of one iteration may take, in bytes. */
export const MAX_ITERATION_STEPS_BYTES = MAX_STEPS_BYTES;
/** What of a record belongs to its end: results, criteria, the failure. */
const END_BYTES = 250_000;
const MAX_RECORD_BYTES = 1024 * 1024;
/** Larger outputs fail the step. */
export const MAX_OUTPUT_BYTES = 5 * 1024 * 1024;
const PREVIEW_CHARS = 500;
const FAILURE_PREVIEW_CHARS = 200;
const MAX_AGENT_CHARS = 64;

/** How much all steps of an execution may take in its record, in bytes: what its beginning and its end leave of a mebibyte. */
export function stepsRoomOf(execution: RunningExecution): number {
  // Labels are stored again among the facets by which lists find a record.
  const headBytes = weightOf({ ...execution, steps: {} }) + weightOf(execution.labels);
  return Math.min(MAX_STEPS_BYTES, MAX_RECORD_BYTES - END_BYTES - headBytes);
}

/** An output as later steps see it, and what of it the record holds. */
export interface KeptOutput {
  readonly output: HeldOutput;
  readonly recorded: RecordedOutput & { readonly normalised?: string[] };
}

/** An output that was checked: the value where it is small, only the text of its JSON where it is large. */
export type CheckedOutput = { readonly notes: readonly string[]; readonly bytes: number } & (
  { readonly kind: 'small'; readonly value: Json } | { readonly kind: 'large'; readonly json: string }
);

/**
 * Makes JSON of what a step left, takes secrets out, and checks it. Throws `output_invalid` and `output_too_large`.
 * Of a large output nothing but its text is left afterwards: as objects, it takes up to twenty times as much memory.
 */
export function checkedOutput(
  { path, type }: { readonly path: string; readonly type: ActionStepType },
  raw: unknown,
  run: RunState,
): CheckedOutput {
  const { json: normalised, notes } = normalise(raw);
  const checked = type.output.safeParse(run.engine.redact.json(normalised));
  if (!checked.success) {
    const problems = issuesInWords(checked.error);
    throw new PlaybookError(
      'output_invalid',
      `The output of ${path} is not what a ${type.type} step leaves: ${problems}`,
    );
  }
  const json = JSON.stringify(checked.data);
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_OUTPUT_BYTES) {
    throw tooLarge(
      `The output of ${path} takes ${bytes} bytes; the most is ${MAX_OUTPUT_BYTES}. Ask for less, or in pages.`,
    );
  }
  if (!run.outputs.count(bytes)) {
    throw tooLarge(
      `With the output of ${path}, which takes ${bytes} bytes, all outputs of this execution would take more than ` +
        `${MAX_EXECUTION_OUTPUT_BYTES}, which is the most. Ask for less, or divide the playbook.`,
    );
  }
  return bytes <= MAX_INLINE_BYTES
    ? { kind: 'small', value: checked.data, notes, bytes }
    : { kind: 'large', json, notes, bytes };
}

/** Stores a checked output in the record, or outside it if it is large or the record has no room. */
export async function keepOutput(path: string, checked: CheckedOutput, run: RunState): Promise<KeptOutput> {
  const normalised = checked.notes.length === 0 ? {} : { normalised: [...checked.notes] };
  if (checked.kind === 'small' && takeInline(Math.max(checked.bytes, weightOf(checked.value)), run)) {
    return { output: { kind: 'value', value: checked.value }, recorded: { output: checked.value, ...normalised } };
  }
  const json = checked.kind === 'large' ? checked.json : JSON.stringify(checked.value);
  const outputRef = await run.engine.store.saveOutput(run.execution, path, json).catch((thrown: unknown) => {
    run.outputs.uncount(checked.bytes);
    throw thrown;
  });
  const output: HeldOutput = run.outputs.hold(json) ? { kind: 'text', json } : { kind: 'stored', ref: outputRef };
  return { output, recorded: { outputRef, ...normalised } };
}

function tooLarge(message: string): PlaybookError {
  return new PlaybookError('output_too_large', message);
}

/** Takes so much of what payloads may take in their document, if it is free. */
export function takeInline(bytes: number, run: RunState): boolean {
  if (bytes > MAX_INLINE_BYTES || run.room.inlineBytes + bytes > MAX_INLINE_TOTAL_BYTES) return false;
  run.room.inlineBytes += bytes;
  return true;
}

/** The input as the record shows it: whole while it is small, else its beginning, and the agent in this field, by whom it is counted. */
export function recordedInput(input: Json, run: RunState, agentField?: string): Json {
  const text = JSON.stringify(input);
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_INLINE_BYTES && takeInline(Math.max(bytes, weightOf(input)), run)) return input;
  const agent = agentField !== undefined && isJsonObject(input) ? input[agentField] : undefined;
  return {
    truncated: true,
    bytes,
    preview: startOf(text, PREVIEW_CHARS),
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
  const hasRoom = run.room.inlineBytes + MAX_INLINE_BYTES <= MAX_INLINE_TOTAL_BYTES;
  return details === undefined || !hasRoom
    ? { ...failure, message }
    : { ...failure, message, details: recordedInput(details, run) };
}

function recordedText(text: string, previewChars: number, run: RunState): string {
  const bytes = Buffer.byteLength(text);
  if (run.room.inlineBytes + bytes > MAX_INLINE_TOTAL_BYTES) return cut(text, previewChars);
  run.room.inlineBytes += bytes;
  return text;
}
