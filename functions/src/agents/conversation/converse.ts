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

/** The goal of a conversation with a model. */
export interface Assignment<Answer> {
  readonly model: string;
  readonly system: string;
  readonly prompt: string;
  readonly tools: readonly AgentTool[];
  readonly schema: z.ZodType<Answer>;
  /** Completes the answer, or reports its problems. `results` is what the tools returned. */
  finish(answer: Answer, results: readonly ToolResult[]): ReadAnswer<Answer>;
}

/** The end of a conversation. */
export interface Conversation<Answer> {
  readonly answer: Answer;
  readonly model: string;
  readonly turns: number;
  readonly results: readonly ToolResult[];
}

/**
 * Asks the model and calls the tools it requests, until it gives a valid answer. The model's output is sent back to it
 * as received. Each kind of fault that another try can fix (a wrong, too long or empty answer, too much thinking) is
 * reported to it once. Throws `model_refused`, `output_invalid` (`details.reply` says what was wrong if there was no
 * complete answer), `budget_exceeded`, what the model's port throws, and the reason of the signal.
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

/** A running conversation. */
interface Talk<Answer> {
  readonly assignment: Assignment<Answer>;
  readonly budget: Budget;
  readonly world: AgentWorld;
  readonly results: ToolResult[];
  readonly dialogue: Dialogue;
  readonly second: ReturnType<typeof secondChances>;
  /** Lowered once thinking has used up the tokens of a reply. */
  effort: ModelEffort | undefined;
  /** What was wrong with the previous reply. */
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

/**
 * Resolves to the answer if the reply contains a valid one; otherwise tells the model in the dialogue what to do next.
 */
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

/** A truncated reply is discarded: the model could not continue from it, and it would be paid for again. */
function takeFault<Answer>(fault: UnusableReply, reply: LimitedReply, talk: Talk<Answer>): void {
  const { dialogue, second } = talk;
  // A full context has no room for another try either.
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
      // A paused turn continues when it is sent back.
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
    // A conversation without tools must not even mention a call.
    const problem = "The model's answer cannot be used: It calls a tool, but its author has none.";
    second.take('wrong', new PlaybookError('output_invalid', problem));
    dialogue.say('You have no tools. Answer from the data alone.');
  }
}

/** Each kind of fault may occur once; the second time is final. */
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
