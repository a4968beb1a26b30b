import { isDeepStrictEqual } from 'node:util';

/** Why a request does not reach a model. */
export interface ClaudeRefusal {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

/** A turn of the model as sent. */
export interface SaidTurn {
  readonly content: readonly unknown[];
  readonly stop: string;
}

interface Block {
  readonly type: string;
  readonly [field: string]: unknown;
}

interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: string | readonly Block[];
}

const OURS: readonly string[] = ['text', 'tool_use', 'tool_result'];
const THINKING: readonly string[] = ['thinking', 'redacted_thinking'];

/** The message of Claude's API about assistant turns that differ from what the model sent, or undefined. */
export function turnsProblem(messages: readonly Message[], said: readonly SaidTurn[]): string | undefined {
  for (const [index, message] of messages.entries()) {
    if (typeof message.content === 'string') continue;
    const problem = message.role === 'user' ? foreignProblem(message.content) : turnProblem(message.content, said);
    if (problem !== undefined) return `messages.${index}.${problem}`;
  }
  return prefillProblem(messages, said);
}

function foreignProblem(content: readonly Block[]): string | undefined {
  const at = content.findIndex(({ type }) => !OURS.includes(type));
  return at < 0
    ? undefined
    : `content.${at}.type: Input tag '${content[at]?.type}' found using 'type' does not match any of the expected tags`;
}

function turnProblem(content: readonly Block[], said: readonly SaidTurn[]): string | undefined {
  const spoken = said.flatMap((turn) => turn.content);
  for (const [at, block] of content.entries()) {
    if (OURS.includes(block.type) || spoken.some((known) => isDeepStrictEqual(known, block))) continue;
    if (!THINKING.includes(block.type)) return foreignProblem(content);
    return `content.${at}: \`thinking\` or \`redacted_thinking\` blocks in the latest assistant message cannot be modified. These blocks must remain as they were in the original response.`;
  }
  const missing = said.find(
    (turn) => callsToolsOf(turn, content) && !thinkingOf(turn).every((block) => holds(content, block)),
  );
  if (missing === undefined) return undefined;
  return `content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${content[0]?.type}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block (preceeding the lastmost set of \`tool_use\` and \`tool_result\` blocks). We recommend you include thinking blocks from previous turns. To avoid this requirement, disable \`thinking\`. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking`;
}

/** A paused turn may be sent back to be continued; no other turn may be started for the model. */
function prefillProblem(messages: readonly Message[], said: readonly SaidTurn[]): string | undefined {
  const last = messages.at(-1);
  if (last?.role !== 'assistant') return undefined;
  const paused = said.at(-1);
  const isPaused = paused?.stop === 'pause_turn' && paused.content.every((block) => holds(last.content, block));
  if (isPaused) return undefined;
  return 'This model does not support assistant message prefill. The conversation must end with a user message.';
}

function callsToolsOf(turn: SaidTurn, content: readonly Block[]): boolean {
  const called = new Set(content.filter(({ type }) => type === 'tool_use').map((block) => block['id']));
  return turn.content.some((block) => fieldOf(block, 'type') === 'tool_use' && called.has(fieldOf(block, 'id')));
}

function thinkingOf(turn: SaidTurn): readonly unknown[] {
  return turn.content.filter((block) => THINKING.includes(String(fieldOf(block, 'type'))));
}

function holds(content: string | readonly Block[], block: unknown): boolean {
  return typeof content !== 'string' && content.some((other) => isDeepStrictEqual(other, block));
}

function fieldOf(block: unknown, name: string): unknown {
  return typeof block === 'object' && block !== null
    ? Object.entries(block).find(([key]) => key === name)?.[1]
    : undefined;
}
