import type { Models } from '#language/settings/models.ts';
import type { Clock } from '#core/clock.ts';
import type { ModelCall, ToolCall } from '#language/playbook/step-calls.ts';
import type { LanguageModel } from '#ports/language-model.ts';

/** What a working agent uses: a model, its prices, time, and where to record its calls. */
export interface AgentWorld {
  readonly model: LanguageModel;
  readonly prices: Models;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Resolves when the call is stored. Throws `lease_lost`. */
  recordModelCall(call: ModelCall): Promise<void>;
  recordToolCall(call: ToolCall): void;
}
