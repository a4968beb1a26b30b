import type { Models } from '#language/settings/models.ts';
import type { ModelUsage } from '#ports/language-model.ts';

/**
 * What a call cost in US dollars by the price list, or null if the model is not in the list: an unknown cost is not a
 * cost of 0. A dated release (`claude-x-20261101`) has the price of its model.
 */
export function costUsd(model: string, usage: ModelUsage, models: Models): number | null {
  const price = priceOf(model, models);
  if (price === undefined) return null;
  const perMillion =
    usage.inputTokens * price.input +
    usage.outputTokens * price.output +
    usage.cacheReadTokens * price.cacheRead +
    usage.cacheWriteTokens * price.cacheWrite;
  return perMillion / 1_000_000;
}

/** The price of one output token, or null if the model is not in the list. */
export function outputUsdPerToken(model: string, models: Models): number | null {
  const price = priceOf(model, models);
  return price === undefined ? null : price.output / 1_000_000;
}

function priceOf(model: string, models: Models): Models['models'][string] | undefined {
  const listed = Object.hasOwn(models.models, model) ? model : model.replace(/-\d{8}$/, '');
  return Object.hasOwn(models.models, listed) ? models.models[listed] : undefined;
}
