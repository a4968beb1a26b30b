import { cut } from '#core/cut.ts';
import type { z } from 'zod';
import { PlaybookError } from '#core/failure.ts';
import type { ModelEffort, ModelReply } from '#ports/language-model.ts';
import { answerSchema, readAnswer, type ReadAnswer } from '../figures/answer.ts';
import type { Budget } from './budget.ts';
import { callModel, type LimitedReply, type Turn } from './call-model.ts';
import { callTools, type AgentTool, type ToolResult, type ToolUse } from './call-tools.ts';
import { openDialogue, type Dialogue } from './dialogue.ts';
import { unaffordable, unusable, unusableReply, type ReplyFault, type UnusableReply } from './unusable-reply.ts';
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
 * Asks, calls the tools that the model asks for, and goes on until the model gives an answer that holds. What the model
 * said goes back to it as it came. A fault that another try can mend (a wrong answer, one that is too long or empty, too
 * much thinking) is told once each. Throws `model_refused`, `output_invalid` (`details.reply` says what was wrong where
 * there was no whole answer), `budget_exceeded`, what the model's port throws, and the reason of the signal.
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
    effort: undefined,
    lastFault: undefined,
  };
  const turn = {
    model: assignment.model,
    system: assignment.system,
    tools: assignment.tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
    outputSchema: answerSchema(assignment.schema),
  };
  for (;;) {
    const reply = await askNext(turn, talk);
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
  readonly dialogue: Dialogue;
  readonly second: ReturnType<typeof secondChances>;
  /** Lowered once thinking has used up the room of a reply. */
  effort: ModelEffort | undefined;
  /** What was wrong with the reply before the next one. */
  lastFault: UnusableReply | undefined;
}

async function askNext<Answer>(turn: Omit<Turn, 'messages' | 'effort'>, talk: Talk<Answer>): Promise<LimitedReply> {
  const { effort, lastFault, dialogue, budget, world } = talk;
  const asked = { ...turn, ...(effort === undefined ? {} : { effort }), messages: dialogue.messages() };
  try {
    return await callModel(asked, budget, world);
  } catch (thrown) {
    const isOverBudget = thrown instanceof PlaybookError && thrown.code === 'budget_exceeded';
    throw isOverBudget && lastFault !== undefined ? unaffordable(lastFault, thrown) : thrown;
  }
}

/** Resolves to the answer, if the reply holds a good one; else says in the dialogue what the model is to do next. */
async function takeReply<Answer>(reply: LimitedReply, talk: Talk<Answer>): Promise<Answer | undefined> {
  const { assignment, dialogue, second } = talk;
  if (reply.stopReason === 'refusal') throw refused(reply);
  const uses = reply.content.filter((part) => part.type === 'tool_use');
  const fault = unusableReply(reply);
  talk.lastFault = fault;
  if (fault !== undefined) {
    takeFault(fault, reply, talk);
    return undefined;
  }
  if (uses.length > 0) {
    await takeToolUses(uses, reply, talk);
    return undefined;
  }
  const read = readAnswer(textOf(reply), assignment.schema);
  const finished = read.ok ? assignment.finish(read.value, talk.results) : read;
  if (finished.ok) return finished.value;
  const problems = finished.problems.join(' ');
  second.take('wrong', new PlaybookError('output_invalid', `The model's answer cannot be used: ${problems}`));
  dialogue.heard(reply);
  dialogue.say(`Your answer cannot be used. ${problems} Give the whole answer again, corrected.`);
  return undefined;
}

function refused({ model, refusal }: ModelReply): PlaybookError {
  const why = refusal === undefined ? '' : `: ${cut(refusal, 500).replace(/\.$/, '')}`;
  const message = `${model} refused to answer${why}. Look at the task and at the data that it was given.`;
  return new PlaybookError('model_refused', message);
}

/** What is cut off is not heard: the model could not go on from it, and would be paid for again. */
function takeFault<Answer>(fault: UnusableReply, reply: LimitedReply, talk: Talk<Answer>): void {
  const { dialogue, second } = talk;
  // In a full context there is no room for another try either.
  if (fault.fault === 'context_full') throw unusable(fault);
  second.take(fault.fault, unusable(fault));
  switch (fault.fault) {
    case 'thinking_used_up':
      talk.effort = 'low';
      return;
    case 'too_long':
      dialogue.say('Your last answer was cut off because it was too long. Answer again, much shorter.');
      return;
    case 'empty':
      dialogue.say('Your last reply was empty. Give the answer now.');
      return;
    case 'paused':
      // A turn that paused goes on when it is given back.
      dialogue.heard(reply);
  }
}

async function takeToolUses<Answer>(uses: readonly ToolUse[], reply: ModelReply, talk: Talk<Answer>): Promise<void> {
  const { assignment, dialogue, second, results, budget, world } = talk;
  const answers = await callTools(uses, { tools: assignment.tools, results, budget }, world);
  if (assignment.tools.length > 0) {
    dialogue.heard(reply);
    dialogue.reply(answers);
  } else {
    // A conversation without tools may not even mention a call.
    const problem = "The model's answer cannot be used: It calls a tool, and its author has none.";
    second.take('wrong', new PlaybookError('output_invalid', problem));
    dialogue.say('You have no tools. Answer from the data alone.');
  }
}

/** Each kind of fault may happen once; the second time it is final. */
function secondChances() {
  const taken = new Set<string>();
  return {
    take(kind: ReplyFault | 'wrong', final: PlaybookError): void {
      if (taken.has(kind)) throw final;
      taken.add(kind);
    },
  };
}

function textOf(reply: ModelReply): string {
  return reply.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}
