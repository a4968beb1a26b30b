import type { ModelEffort, ModelMessage, ModelReply, ModelTool } from '#ports/language-model.ts';
import type { JsonObject } from '#core/json.ts';
import type { Budget } from './budget.ts';
import { costUsd } from './prices.ts';
import type { AgentWorld } from './world.ts';

/** The request for one turn of the model. */
export interface Turn {
  readonly model: string;
  readonly system: string;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ModelTool[];
  readonly outputSchema: JsonObject;
  readonly effort?: ModelEffort;
}

/** A reply, and its length limit in tokens, including thinking. */
export interface LimitedReply extends ModelReply {
  readonly maxTokens: number;
}

/** Asks the model once, within the budget, and records the call. Throws what the port throws, and `budget_exceeded`. */
export async function callModel(turn: Turn, budget: Budget, world: AgentWorld): Promise<LimitedReply> {
  budget.signal.throwIfAborted();
  const startedAt = world.clock.now();
  const reply = await ask(turn, budget, world);
  const call = {
    model: reply.model,
    startedAt,
    durationMs: Math.max(0, world.clock.now().getTime() - startedAt.getTime()),
    stopReason: reply.stopReason,
    ...reply.usage,
    costUsd: costUsd(reply.model, reply.usage, world.prices),
    pricesAsOf: world.prices.asOf,
    requestId: reply.requestId ?? null,
  };
  // If the replying model is not in the price list, the budget is charged the price of the requested model.
  budget.spend({ ...call, costUsd: call.costUsd ?? costUsd(turn.model, reply.usage, world.prices) });
  await world.recordModelCall(call);
  return reply;
}

async function ask(turn: Turn, budget: Budget, world: AgentWorld): Promise<LimitedReply> {
  const allowance = budget.allow();
  try {
    const reply = await world.model.complete({ ...turn, ...allowance, signal: budget.signal });
    return { ...reply, maxTokens: allowance.maxTokens };
  } catch (thrown) {
    // If time ran out, that is the reason, whatever the interrupted call reported.
    budget.signal.throwIfAborted();
    throw thrown;
  }
}
