import type { Agent } from '#language/settings/agent.ts';
import { durationMs } from '#core/duration.ts';
import type { JsonObject } from '#core/json.ts';
import { AgentAnswer } from './figures/answer.ts';
import { bindAnswer } from './figures/bind-answer.ts';
import { openBudget } from './conversation/budget.ts';
import type { AgentTool, ToolResult } from './conversation/call-tools.ts';
import { converse } from './conversation/converse.ts';
import type { Receipt } from './figures/figures.ts';
import { outputUsdPerToken } from './conversation/prices.ts';
import { systemPrompt, taskPrompt } from './conversation/prompts.ts';
import type { AgentWorld } from './conversation/world.ts';

/** What an agent leaves behind. */
export interface AgentReport extends AgentAnswer {
  readonly model: string;
  readonly turns: number;
  /** Where the figures in the texts come from. */
  readonly figures: readonly Receipt[];
}

/** What an agent is to do, with what. */
export interface Delegation {
  readonly agent: Agent;
  readonly task: string;
  readonly data: JsonObject;
  /** Those of the agent's tools that exist; it is offered no others. */
  readonly tools: readonly AgentTool[];
}

/**
 * Lets an agent work on a task until it has an answer whose every figure goes back to the data it was given or to what
 * its tools returned. Throws `budget_exceeded` with what was spent, `model_refused`, `output_invalid`, what the model's
 * port throws, and the reason of the signal.
 */
export async function runAgent({ agent, task, data, tools }: Delegation, world: AgentWorld): Promise<AgentReport> {
  const limits = { ...agent.budget, timeMs: durationMs(agent.budget.time) };
  const budget = openBudget(limits, outputUsdPerToken(agent.model, world.prices), world.clock, world.signal);
  let figures: readonly Receipt[] = [];
  try {
    const { answer, model, turns } = await converse(
      {
        model: agent.model,
        system: systemPrompt(agent),
        prompt: taskPrompt(task, data),
        tools,
        schema: AgentAnswer,
        finish: (written, results) => {
          const bound = bindAnswer(written, knownTo(data, results), AgentAnswer);
          figures = bound.receipts;
          return bound.answer;
        },
      },
      budget,
      world,
    );
    return { ...answer, model, turns, figures };
  } finally {
    budget.close();
  }
}

function knownTo(data: JsonObject, results: readonly ToolResult[]): JsonObject {
  return { ...data, ...Object.fromEntries(results.map(({ name, output }) => [name, output])) };
}
