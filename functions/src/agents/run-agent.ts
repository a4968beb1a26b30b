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

/** The result of an agent. */
export interface AgentReport extends AgentAnswer {
  readonly model: string;
  readonly turns: number;
  /** The sources of the figures in the texts. */
  readonly figures: readonly Receipt[];
}

/** A task for an agent, with its data and tools. */
export interface Delegation {
  readonly agent: Agent;
  readonly task: string;
  readonly data: JsonObject;
  /** Those of the agent's tools that exist; no others are offered to it. */
  readonly tools: readonly AgentTool[];
}

/**
 * Lets an agent work on a task until it has an answer in which every figure comes from the given data or from the
 * results of its tools. Throws `budget_exceeded` with what was spent, `model_refused`, `output_invalid`, what the
 * model's port throws, and the reason of the signal.
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
