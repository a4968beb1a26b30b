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
  thinking_used_up: 'its thinking used up the room of the answer',
  too_long: 'its answer was too long, and was cut off',
  empty: 'its reply was empty',
  context_full: 'the data and the conversation filled its whole context',
  paused: 'it paused and gave no answer',
};

const BY_CODE: Readonly<Partial<Record<FailureCode, string>>> = {
  model_refused: 'the model refused to answer',
  output_invalid: 'what the model answered could not be used',
  budget_exceeded: 'the budget for the model is used up',
  rate_limited: 'the model was asked too often',
  timeout: 'the model did not answer in time',
  unauthenticated: 'the key for the model cannot be used',
};

const LONGEST_SAID = 300;

/**
 * Why a model wrote nothing, for readers, as the end of a sentence without its full stop. What the model's side said is
 * quoted; the message about an answer is not, since it may repeat the very figures that were refused.
 */
export function whyNotWritten(failure: ModelFailure): string {
  const { code, message } = failure;
  if (answeredStatus(failure) !== undefined) return cut(message, LONGEST_SAID).replace(/\.$/, '');
  const fault = replyFaultOf(failure);
  if (fault !== undefined) return BY_REPLY[fault];
  return BY_CODE[code] ?? 'the model was out of reach';
}

/** Whether the model was not to be had at all, and not only its answer not to be used. */
export function isRefusal(failure: ModelFailure): boolean {
  return (
    failure.code !== 'model_refused' && (failure.code !== 'output_invalid' || answeredStatus(failure) !== undefined)
  );
}

/** One word for the reason of a refusal, for ids: its code, and the status that the model's side answered. */
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
