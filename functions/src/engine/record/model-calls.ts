import { isJsonObject, type Json } from '#core/json.ts';
import type { StepRecord } from './step-schema.ts';
import type { ModelCall } from '#language/playbook/step-calls.ts';

/** A model call, and the agent that the step named; undefined where it named none. */
export interface AgentCall {
  readonly call: ModelCall;
  readonly agent: string | undefined;
}

/** What some model calls took together. */
export interface CallSum {
  readonly modelCalls: number;
  /** All tokens that went in. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Those of `inputTokens` that were cached. */
  readonly cacheReadTokens: number;
  /** USD, of the calls whose price is known. */
  readonly costUsd: number;
  /** Calls whose price is not known: with one of them, `costUsd` is only a part of what all cost. */
  readonly unpriced: number;
}

/** Every model call of some steps, those of attempts that the record leaves out, too. */
export function callsOf(steps: Iterable<StepRecord>): readonly AgentCall[] {
  return [...steps].flatMap(({ attempts, omitted }) => [
    ...attempts.flatMap(({ input, modelCalls = [] }) => modelCalls.map((call) => ({ call, agent: agentIn(input) }))),
    // All attempts of a step ask the same agent.
    ...(omitted?.modelCalls ?? []).map((call) => ({ call, agent: agentIn(attempts[0]?.input) })),
  ]);
}

/** Adds calls up. */
export function sumOfCalls(calls: readonly AgentCall[]): CallSum {
  const sum = (of: (call: ModelCall) => number): number => calls.reduce((total, { call }) => total + of(call), 0);
  return {
    modelCalls: calls.length,
    inputTokens: sum((call) => call.inputTokens + call.cacheReadTokens + call.cacheWriteTokens),
    outputTokens: sum((call) => call.outputTokens),
    cacheReadTokens: sum((call) => call.cacheReadTokens),
    costUsd: sum((call) => call.costUsd ?? 0),
    unpriced: calls.filter(({ call }) => call.costUsd === null).length,
  };
}

/** The agent that the input of a step names; undefined where it names none. */
export function agentIn(input: Json | undefined): string | undefined {
  const agent = input !== undefined && isJsonObject(input) ? input['agent'] : undefined;
  return typeof agent === 'string' ? agent : undefined;
}
