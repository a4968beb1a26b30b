import { PlaybookError } from '#core/failure.ts';
import type { LimitedReply } from './call-model.ts';

/** What can be wrong with a reply before its answer is read. */
export type ReplyFault = 'thinking_used_up' | 'too_long' | 'empty' | 'context_full' | 'paused';

/** A reply without an answer: the kind of fault, and a sentence about it. */
export interface UnusableReply {
  readonly fault: ReplyFault;
  readonly problem: string;
}

/** Why a reply contains no complete answer; undefined if it contains one, or tool calls. */
export function unusableReply(reply: LimitedReply): UnusableReply | undefined {
  const { content, stopReason } = reply;
  if (stopReason === 'context_full') {
    const problem = `The conversation filled the whole context of ${reply.model}, which left no room for the answer. Give it less data, or an agent fewer tools.`;
    return { fault: 'context_full', problem };
  }
  if (stopReason === 'max_tokens') return cutOff(reply);
  if (content.some((part) => part.type === 'tool_use')) return undefined;
  if (stopReason === 'pause_turn' && content.length > 0) {
    return { fault: 'paused', problem: `${reply.model} paused its turn and gave no answer.` };
  }
  if (content.some((part) => part.type === 'text' && part.text.trim() !== '')) return undefined;
  const thought = content.length > 0 ? ' after its thinking' : '';
  return { fault: 'empty', problem: `The reply was empty: ${reply.model} stopped${thought} without an answer.` };
}

/** The failure of a conversation if the fault persists; `details.reply` says what it was. */
export function unusable({ fault, problem }: UnusableReply): PlaybookError {
  return new PlaybookError('output_invalid', problem, { details: { reply: fault } });
}

/** The failure of a conversation whose budget does not allow another try after such a reply, with that budget. */
export function unaffordable({ fault, problem }: UnusableReply, budget: PlaybookError): PlaybookError {
  const message = `${problem} The budget does not allow another try: ${budget.message}`;
  return new PlaybookError('budget_exceeded', message, { details: { reply: fault }, cause: budget });
}

function cutOff(reply: LimitedReply): UnusableReply {
  const { maxTokens } = reply;
  const thinking = thinkingTokensOf(reply);
  const answer = reply.usage.outputTokens - thinking;
  if (thinking > answer) {
    const begun = answerCharsOf(reply) === 0 ? 'and no answer was begun' : 'and the answer was cut off';
    const problem = `Thinking used up the reply: about ${thinking} of its limit of ${maxTokens} tokens, ${begun}.`;
    return { fault: 'thinking_used_up', problem };
  }
  const problem = `The answer was too long: it was cut off at the limit of ${maxTokens} tokens.`;
  return { fault: 'too_long', problem };
}

const CHARS_PER_TOKEN = 4;

/** As reported; otherwise, if the model was thinking, the tokens not accounted for by the answer. */
function thinkingTokensOf(reply: LimitedReply): number {
  const { content, usage, thinkingTokens } = reply;
  if (thinkingTokens !== undefined) return thinkingTokens;
  const answerChars = answerCharsOf(reply);
  if (answerChars > 0 && content.every((part) => part.type !== 'opaque')) return 0;
  return Math.max(0, usage.outputTokens - Math.ceil(answerChars / CHARS_PER_TOKEN));
}

function answerCharsOf({ content }: LimitedReply): number {
  const chars = content.map((part) => {
    if (part.type === 'text') return part.text.trim().length;
    return part.type === 'tool_use' ? JSON.stringify(part.input).length : 0;
  });
  return chars.reduce((sum, count) => sum + count, 0);
}
