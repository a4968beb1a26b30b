import { z } from 'zod';
import type { Clock } from '../engine/clock.ts';
import { PlaybookError } from '../engine/failure.ts';
import type { Documents } from '../ports/documents.ts';
import { cached } from './cached.ts';

/** Where the operators' word over all playbooks is kept. */
export const CONTROL_PATH = 'ops_control/global';

const CACHE_MS = 15_000;

/**
 * What holds for every playbook. `run`: as scheduled. The other words all mean that nothing begins, and that what runs may
 * end; the record of a slot that was skipped repeats the word and the reason.
 */
export const Control = z.object({
  mode: z.enum(['run', 'drain', 'maintenance', 'halt']),
  /** When `run` holds again by itself; null: when somebody says so. */
  until: z.date().nullable(),
  reason: z.string(),
  by: z.string(),
});
export type Control = z.infer<typeof Control>;

const RUN: Control = { mode: 'run', until: null, reason: '', by: '' };

/**
 * What the operators said last, as it is stored; `run` where nobody said anything. Throws `unconfigured` when the document
 * is not readable: a word that might mean "stop" is not taken for "go". Throws what the documents port throws.
 */
export async function loadControl(documents: Documents): Promise<Control> {
  const stored = await documents.get(CONTROL_PATH);
  if (stored === undefined) return RUN;
  const control = Control.safeParse({ until: null, reason: '', by: '', ...stored.data });
  if (control.success) return control.data;
  throw new PlaybookError(
    'unconfigured',
    `${CONTROL_PATH} is not readable (${z.prettifyError(control.error)}). Its mode must be run, drain, maintenance or halt, and its until an instant or null.`,
    { cause: control.error },
  );
}

/** What holds at `now`: after `until`, things run again. */
export function controlAt(control: Control, now: Date): Control {
  return control.until !== null && control.until <= now ? RUN : control;
}

/** What holds now, read from the database at most every 15 s. Throws like `loadControl`. */
export function cachedControl(documents: Documents, clock: Clock): () => Promise<Control> {
  const load = cached(clock, CACHE_MS, () => loadControl(documents));
  return async () => controlAt(await load(), clock.now());
}
