import type { ModelEffort, ModelMessage, ModelReply, ModelTool } from '#ports/language-model.ts';
import type { JsonObject } from '#core/json.ts';
import type { Budget } from './budget.ts';
import { costUsd } from './prices.ts';
import type { AgentWorld } from './world.ts';

/** One turn, as the model is asked for it. */
export interface Turn {
  readonly model: string;
  readonly system: string;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ModelTool[];
  readonly outputSchema: JsonObject;
  readonly effort?: ModelEffort;
}

/** A reply, and the limit of its length in tokens, thinking included. */
export interface LimitedReply extends ModelReply {
  readonly maxTokens: number;
}

/** Asks the model once, inside the budget, and records the call. Throws what the port throws, and `budget_exceeded`. */
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
  // Under a name that the price list does not know, a reply costs the budget what the model that was asked for costs.
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
    // When time ran out, that is the reason, whatever the interrupted call said of it.
    budget.signal.throwIfAborted();
    throw thrown;
  }
}
