import type { Clock } from '#core/clock.ts';
import type { ModelCall } from '#language/playbook/step-calls.ts';
import { PlaybookError } from '#core/failure.ts';

/** The limits of one assignment. */
export interface BudgetLimits {
  readonly turns: number;
  readonly outputTokens: number;
  readonly costUsd: number;
  readonly timeMs: number;
}

/** The limits of the next call. */
export interface Allowance {
  /** For thinking and answer together. */
  readonly maxTokens: number;
  readonly timeoutMs: number;
}

/** What is left of the limits of one assignment. */
export interface Budget {
  /** Aborts with `budget_exceeded` when the time is used up, or when the signal given to `openBudget` does. */
  readonly signal: AbortSignal;
  readonly turns: number;
  /** To be called before each request. Throws `budget_exceeded`, with what was spent, if too little is left for one. */
  allow(): Allowance;
  spend(call: ModelCall): void;
  /** Stops the clock. */
  close(): void;
}

/** Fits an answer of the maximum accepted length (20,000 characters of report, findings, action items). */
const ANSWER_TOKENS = 8_000;
/** Models think before they answer, and thinking counts as output; it must not displace the answer. */
const THINKING_TOKENS = 8_000;
const FEWEST_TOKENS_PER_CALL = 100;
const LONGEST_CALL_MS = 120_000;

/**
 * Starts counting. `outputUsdPerToken` is null if the price is unknown; then the cost is not limited, but everything
 * else is.
 */
export function openBudget(
  limits: BudgetLimits,
  outputUsdPerToken: number | null,
  clock: Clock,
  signal: AbortSignal,
): Budget {
  const startedMs = clock.now().getTime();
  const counted = { turns: 0, outputTokens: 0, costUsd: 0 };
  const spent = (): Spent => ({ ...counted, timeMs: clock.now().getTime() - startedMs });
  const timeUp = new AbortController();
  const cancelTimer = clock.after(limits.timeMs, () => timeUp.abort(exceeded(inSeconds(limits.timeMs), spent())));
  return {
    signal: AbortSignal.any([signal, timeUp.signal]),
    get turns() {
      return counted.turns;
    },
    allow: () => allowance(limits, spent(), outputUsdPerToken),
    spend({ outputTokens, costUsd }) {
      counted.turns += 1;
      counted.outputTokens += outputTokens;
      counted.costUsd += costUsd ?? 0;
    },
    close: cancelTimer,
  };
}

function allowance(limits: BudgetLimits, spent: Spent, outputUsdPerToken: number | null): Allowance {
  const leftMs = limits.timeMs - spent.timeMs;
  const leftTokens = limits.outputTokens - spent.outputTokens;
  const affordable = affordableTokens(limits.costUsd - spent.costUsd, outputUsdPerToken);
  if (spent.turns >= limits.turns) throw exceeded(`${limits.turns} turns`, spent);
  if (leftTokens < FEWEST_TOKENS_PER_CALL) throw exceeded(`${limits.outputTokens} output tokens`, spent);
  if (affordable < FEWEST_TOKENS_PER_CALL) throw exceeded(`$${limits.costUsd}`, spent);
  if (leftMs <= 0) throw exceeded(inSeconds(limits.timeMs), spent);
  const maxTokens = Math.min(ANSWER_TOKENS + THINKING_TOKENS, leftTokens, affordable);
  return { maxTokens, timeoutMs: Math.min(LONGEST_CALL_MS, leftMs) };
}

function inSeconds(timeMs: number): string {
  return `${timeMs / 1000} s`;
}

function affordableTokens(leftUsd: number, outputUsdPerToken: number | null): number {
  if (leftUsd <= 0) return 0;
  return outputUsdPerToken ? Math.floor(leftUsd / outputUsdPerToken) : Infinity;
}

interface Spent {
  readonly turns: number;
  readonly outputTokens: number;
  readonly costUsd: number;
  readonly timeMs: number;
}

function exceeded(limit: string, spent: Spent): PlaybookError {
  const used = `${spent.turns} turns, ${spent.outputTokens} output tokens, $${spent.costUsd.toFixed(4)} and ${(spent.timeMs / 1000).toFixed(1)} s`;
  return new PlaybookError(
    'budget_exceeded',
    `The budget of ${limit} is used up, after ${used}. Raise the agent's budget or ask for less.`,
    { details: { ...spent } },
  );
}
