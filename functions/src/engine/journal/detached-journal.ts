import type { StepRecord } from '../record/step-schema.ts';
import type { Journal } from './journal.ts';

/**
 * Replaces a journal that can no longer write, so that people can still be notified: it keeps changes in
 * memory and stores nothing.
 */
export function detachedJournal(recorded: ReadonlyMap<string, StepRecord>): Journal {
  const steps = new Map(recorded);
  const nothing = async (): Promise<void> => undefined;
  return {
    lost: new AbortController().signal,
    steps,
    weight: () => 0,
    takeOrder: () => steps.size,
    put: (step) => void steps.set(step.path, step),
    kick: () => undefined,
    flush: nothing,
    finish: nothing,
    finishShort: nothing,
    park: nothing,
    giveBack: nothing,
    close: nothing,
  };
}
