import type { z } from 'zod';
import { PlaybookError } from '../engine/failure.ts';
import type { ModelContent, ModelMessage, ModelReply } from '../ports/language-model.ts';
import { answerSchema, readAnswer, type ReadAnswer } from './answer.ts';
import type { Budget } from './budget.ts';
import { callModel } from './call-model.ts';
import { callTools, type AgentTool, type ToolResult, type ToolUse } from './call-tools.ts';
import type { AgentWorld } from './world.ts';

/** What a conversation with a model is to lead to. */
export interface Assignment<Answer> {
  readonly model: string;
  readonly system: string;
  readonly prompt: string;
  readonly tools: readonly AgentTool[];
  readonly schema: z.ZodType<Answer>;
  /** Makes the answer what it must be, or says what is wrong with it. `results` is what the tools returned. */
  finish(answer: Answer, results: readonly ToolResult[]): ReadAnswer<Answer>;
}

/** Where a conversation ended. */
export interface Conversation<Answer> {
  readonly answer: Answer;
  readonly model: string;
  readonly turns: number;
  readonly results: readonly ToolResult[];
}

/**
 * Asks, calls the tools that the model asks for, and goes on until the model gives an answer that holds. A wrong answer
 * and one that is cut off are each sent back once. Throws `model_refused`, `output_invalid`, `budget_exceeded`, what the
 * model's port throws, and the reason of the signal.
 */
export async function converse<Answer>(
  assignment: Assignment<Answer>,
  budget: Budget,
  world: AgentWorld,
): Promise<Conversation<Answer>> {
  const talk: Talk<Answer> = {
    assignment,
    budget,
    world,
    results: [],
    dialogue: openDialogue(assignment.prompt),
    second: secondChances(),
  };
  const turn = {
    model: assignment.model,
    system: assignment.system,
    tools: assignment.tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
    outputSchema: answerSchema(assignment.schema),
  };
  for (;;) {
    const reply = await callModel({ ...turn, messages: talk.dialogue.messages() }, budget, world);
    const answer = await takeReply(reply, talk);
    if (answer !== undefined) return { answer, model: reply.model, turns: budget.turns, results: talk.results };
  }
}

/** A conversation under way. */
interface Talk<Answer> {
  readonly assignment: Assignment<Answer>;
  readonly budget: Budget;
  readonly world: AgentWorld;
  readonly results: ToolResult[];
  readonly dialogue: ReturnType<typeof openDialogue>;
  readonly second: ReturnType<typeof secondChances>;
}

/** Resolves to the answer, if the reply holds a good one; else says in the dialogue what the model is to do next. */
async function takeReply<Answer>(reply: ModelReply, talk: Talk<Answer>): Promise<Answer | undefined> {
  const { assignment, dialogue, second } = talk;
  if (reply.stopReason === 'refusal') {
    const message = `${reply.model} refused to answer. Look at the task and at the data that it was given.`;
    throw new PlaybookError('model_refused', message);
  }
  if (reply.stopReason === 'max_tokens') {
    second.take('too_long', 'It was cut off at the limit of its length.');
    dialogue.say('Your last answer was cut off because it was too long. Answer again, much shorter.');
    return undefined;
  }
  const uses = reply.content.filter((part) => part.type === 'tool_use');
  if (uses.length > 0) {
    await takeToolUses(uses, reply, talk);
    return undefined;
  }
  const read = readAnswer(textOf(reply), assignment.schema);
  const finished = read.ok ? assignment.finish(read.value, talk.results) : read;
  if (finished.ok) return finished.value;
  const problems = finished.problems.join(' ');
  second.take('wrong', problems);
  dialogue.heard(reply);
  dialogue.say(`Your answer cannot be used. ${problems} Give the whole answer again, corrected.`);
  return undefined;
}

async function takeToolUses<Answer>(uses: readonly ToolUse[], reply: ModelReply, talk: Talk<Answer>): Promise<void> {
  const { assignment, dialogue, second, results, budget, world } = talk;
  const answers = await callTools(uses, { tools: assignment.tools, results, budget }, world);
  if (assignment.tools.length > 0) {
    dialogue.heard(reply);
    dialogue.reply(answers);
  } else {
    // A conversation without tools may not even mention a call.
    second.take('wrong', 'It calls a tool, and its author has none.');
    dialogue.say('You have no tools. Answer from the data alone.');
  }
}

/** Each kind of fault may happen once; the second time it is final. */
function secondChances() {
  const taken = new Set<string>();
  return {
    take(kind: 'too_long' | 'wrong', problem: string): void {
      if (taken.has(kind)) throw new PlaybookError('output_invalid', `The model's answer cannot be used: ${problem}`);
      taken.add(kind);
    },
  };
}

/** The messages so far. The two sides take turns, as models expect it: what is said twice in a row is one message. */
function openDialogue(prompt: string) {
  const messages: ModelMessage[] = [{ role: 'user', content: [{ type: 'text', text: prompt }] }];

  function add(role: ModelMessage['role'], content: readonly ModelContent[]): void {
    const last = messages.at(-1);
    if (last?.role === role) messages[messages.length - 1] = { role, content: [...last.content, ...content] };
    else messages.push({ role, content });
  }
  return {
    messages: (): readonly ModelMessage[] => [...messages],
    say: (text: string): void => add('user', [{ type: 'text', text }]),
    reply: (content: readonly ModelContent[]): void => add('user', content),
    heard(reply: ModelReply): void {
      const content = reply.content.filter((part) => part.type !== 'text' || part.text.trim() !== '');
      if (content.length > 0) add('assistant', content);
    },
  };
}

function textOf(reply: ModelReply): string {
  return reply.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}
