import { durationInWords } from '#core/duration.ts';

/** A latency in words; a dash where nothing was measured. */
export function latencyWords(latencyMs: number | null): string {
  return latencyMs === null ? '–' : durationInWords(latencyMs);
}
