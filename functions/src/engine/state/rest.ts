import type { Stop } from './run-state.ts';

/**
 * How a step, or a list of them, came to rest. `completed`: nothing of it is left to do. `stopped`: a failure ended it.
 * `waits`: it goes on once what its steps wait for has happened.
 */
export type Rest =
  { readonly kind: 'completed' } | { readonly kind: 'stopped'; readonly stop: Stop } | { readonly kind: 'waits' };

export const COMPLETED: Rest = { kind: 'completed' };
export const WAITS: Rest = { kind: 'waits' };

/** A step, or a list of them, that a failure ended. */
export function stopped(stop: Stop): Rest {
  return { kind: 'stopped', stop };
}
