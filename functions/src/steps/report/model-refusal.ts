import { cut } from '#core/cut.ts';
import type { ReplyFault } from '#agents/conversation/unusable-reply.ts';
import type { FailureCode } from '#core/failure.ts';
import { isJsonObject, type Json } from '#core/json.ts';

/** How a language model failed, without secrets. */
export interface ModelFailure {
  readonly code: FailureCode;
  readonly message: string;
  readonly details: Json | undefined;
}

const BY_REPLY: Readonly<Record<ReplyFault, string>> = {
  thinking_used_up: 'its thinking left no room for the answer',
  too_long: 'its answer was too long and was cut off',
  empty: 'its reply was empty',
  context_full: 'the data and the conversation exceeded its context',
  paused: 'it paused without an answer',
};

const BY_CODE: Readonly<Partial<Record<FailureCode, string>>> = {
  model_refused: 'the model refused to answer',
  output_invalid: 'the answer of the model was not usable',
  budget_exceeded: 'the budget for the model is exhausted',
  rate_limited: 'the model was called too often',
  timeout: 'the model did not answer in time',
  unauthenticated: 'the key for the model is not usable',
};

const LONGEST_SAID = 300;

/**
 * Why a model wrote nothing, for readers, as the end of a sentence without its full stop. Refusals of the model's service are
 * quoted; messages about an answer are not, because they may repeat the rejected figures.
 */
export function whyNotWritten(failure: ModelFailure): string {
  const { code, message } = failure;
  if (answeredStatus(failure) !== undefined) return cut(message, LONGEST_SAID).replace(/\.$/, '');
  const fault = replyFaultOf(failure);
  if (fault !== undefined) return BY_REPLY[fault];
  return BY_CODE[code] ?? 'the model was out of reach';
}

/** Whether the model was unavailable, and not only its answer unusable. */
export function isRefusal(failure: ModelFailure): boolean {
  return (
    failure.code !== 'model_refused' && (failure.code !== 'output_invalid' || answeredStatus(failure) !== undefined)
  );
}

/** The reason of a refusal as one word for ids: its code, and the status of the model's service. */
export function refusalReason(failure: ModelFailure): string {
  const status = answeredStatus(failure);
  return status === undefined ? failure.code : `${failure.code}_${status}`;
}

function answeredStatus({ details }: ModelFailure): number | undefined {
  const status = details !== undefined && isJsonObject(details) ? details['status'] : undefined;
  return typeof status === 'number' ? status : undefined;
}

function replyFaultOf({ details }: ModelFailure): ReplyFault | undefined {
  const reply = details !== undefined && isJsonObject(details) ? details['reply'] : undefined;
  return FAULTS.find((fault) => fault === reply);
}

const FAULTS: readonly ReplyFault[] = ['thinking_used_up', 'too_long', 'empty', 'context_full', 'paused'];
