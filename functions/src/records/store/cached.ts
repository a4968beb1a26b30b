import type { Clock } from '#core/clock.ts';

/**
 * Loads at most once in `maxAgeMs`, even with many calls at the same moment. A failed load is not kept: the next call tries
 * again. Rejects with what `load` throws.
 */
export function cached<Value>(clock: Clock, maxAgeMs: number, load: () => Promise<Value>): () => Promise<Value> {
  let entry: { readonly value: Promise<Value>; readonly loadedAtMs: number } | undefined;

  return () => {
    const nowMs = clock.now().getTime();
    if (entry !== undefined && nowMs - entry.loadedAtMs < maxAgeMs) return entry.value;

    const fresh = { value: load(), loadedAtMs: nowMs };
    entry = fresh;
    fresh.value.catch(() => {
      if (entry === fresh) entry = undefined;
    });
    return fresh.value;
  };
}
