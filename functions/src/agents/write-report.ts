import type { JsonObject } from '#core/json.ts';
import { WrittenReport } from './figures/answer.ts';
import { bindAnswer } from './figures/bind-answer.ts';
import { openBudget } from './conversation/budget.ts';
import { converse } from './conversation/converse.ts';
import type { Receipt } from './figures/figures.ts';
import { outputUsdPerToken } from './conversation/prices.ts';
import { systemPrompt, taskPrompt, type Persona } from './conversation/prompts.ts';
import type { AgentWorld } from './conversation/world.ts';

/** A finished report. */
export interface AuthoredReport extends WrittenReport {
  readonly model: string;
  /** The sources of the figures in the texts. */
  readonly figures: readonly Receipt[];
}

/** What a report should be about. */
export interface ReportOrder {
  readonly author: Persona;
  readonly model: string;
  readonly instructions: string;
  readonly data: JsonObject;
}

/**
 * A report takes one answer; the rest is for the second chances, and for calls of tools that the author does not have.
 */
const LIMITS = { turns: 4, outputTokens: 40_000, costUsd: 1, timeMs: 150_000 };

/**
 * Has a model write a report, without tools, in which every figure comes from the data. Throws `budget_exceeded`,
 * `model_refused`, `output_invalid`, what the model's port throws, and the reason of the signal.
 */
export async function writeReport(order: ReportOrder, world: AgentWorld): Promise<AuthoredReport> {
  const budget = openBudget(LIMITS, outputUsdPerToken(order.model, world.prices), world.clock, world.signal);
  let figures: readonly Receipt[] = [];
  try {
    const { answer, model } = await converse(
      {
        model: order.model,
        system: systemPrompt(order.author),
        prompt: taskPrompt(order.instructions, order.data),
        tools: [],
        schema: WrittenReport,
        finish: (written) => {
          const bound = bindAnswer(written, order.data, WrittenReport);
          figures = bound.receipts;
          return bound.answer;
        },
      },
      budget,
      world,
    );
    return { ...answer, model, figures };
  } finally {
    budget.close();
  }
}
