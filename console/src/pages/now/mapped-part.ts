import type { Part } from '#console/view/frame/part.ts';

/** The part with its value mapped; a problem stays a problem. */
export function mapped<From, To>(part: Part<From>, map: (value: From) => To): Part<To> {
  return part.kind === 'found' ? { kind: 'found', value: map(part.value) } : part;
}
