import { z } from 'zod';
import type { Clock } from '#core/clock.ts';
import { PlaybookError } from '#core/failure.ts';
import type { Documents, StoredDocument, Write } from '#ports/documents/documents.ts';
import type { Actor, ChangeWorld } from '../audit/actor.ts';
import { commitAudited } from '../audit/audit-log.ts';
import { cached } from '../store/cached.ts';
import { FIRST_FORMAT, refuseLaterFormat } from '../store/record-format.ts';
import { personText } from '../audit/person-text.ts';
import { reachable } from '../store/reachable.ts';
import { refusePast } from '../audit/refuse-past.ts';

/** The document with the operators' setting for all playbooks. */
export const CONTROL_PATH = 'ops_control/global';

const CACHE_MS = 15_000;

/**
 * The setting that applies to every playbook. `run`: as scheduled. All other modes mean that no execution begins and running
 * ones may end; the record of a skipped slot repeats the mode and the reason.
 */
export const Control = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('run'), until: z.null(), reason: z.string(), by: z.string() }),
  z.object({
    mode: z.enum(['drain', 'maintenance', 'halt']),
    /** When `run` applies again automatically; null: when an operator changes it. */
    until: z.date().nullable(),
    reason: z.string(),
    by: z.string(),
  }),
]);
export type Control = z.infer<typeof Control>;

const RUN: Control = { mode: 'run', until: null, reason: '', by: '' };

/**
 * The operators' last setting, as stored; `run` by default. Throws `unconfigured` when the document is not readable: what
 * might mean "stop" is not treated as "go". Throws `record_from_newer_version`, and what the documents port throws.
 */
export async function loadControl(documents: Documents): Promise<Control> {
  const stored = await documents.get(CONTROL_PATH);
  if (stored === undefined) return RUN;
  const control = parsed(stored);
  if (control.success) return control.data;
  throw new PlaybookError(
    'unconfigured',
    `${CONTROL_PATH} is not readable (${z.prettifyError(control.error)}). Its mode must be run, drain, maintenance or halt, and its until a timestamp or null.`,
    { cause: control.error },
  );
}

/** The setting in effect at `now`: after `until`, playbooks run again. */
export function controlAt(control: Control, now: Date): Control {
  return control.until !== null && control.until <= now ? RUN : control;
}

/** The setting in effect now, read from the database at most every `maxAgeMs`, by default 15 s. Throws like `loadControl`. */
export function cachedControl(documents: Documents, clock: Clock, maxAgeMs = CACHE_MS): () => Promise<Control> {
  const load = cached(clock, maxAgeMs, () => loadControl(documents));
  return async () => controlAt(await load(), clock.now());
}

/** An operator's setting for all playbooks. `until` is a future instant or null; `run` has none. */
export interface ControlRequest {
  readonly mode: Control['mode'];
  readonly until: Date | null;
  /** At most 500 characters; required unless the mode is `run`. */
  readonly reason: string;
}

/**
 * Changes the setting for every playbook, even if the old one is unreadable, with its audit entry in the same commit.
 * `already`: it was already in effect. Throws `input_invalid` without a reason, for a past or invalid instant and for a `run`
 * that has an end, and what `commitAudited` throws.
 */
export async function changeControl(
  world: ChangeWorld,
  actor: Actor,
  { mode, until, reason: given }: ControlRequest,
): Promise<{ readonly already: boolean }> {
  const reason = personText(given, { name: 'A reason', minChars: mode === 'run' ? 0 : 1, maxChars: 500 });
  const after = controlOf(mode, until, { reason, by: actor.email });
  return commitAudited<{ readonly already: boolean }>(world, actor, async () => {
    const stored = await reachable(world.documents.get(CONTROL_PATH));
    const before = stored === undefined ? RUN : parsed(stored).data;
    if (before !== undefined && isSame(controlAt(before, world.clock.now()), { mode, until, reason })) {
      return { kind: 'unchanged', result: { already: true } };
    }
    refusePast(until, world.clock.now());
    return {
      kind: 'change',
      writes: [controlWrite(stored, after)],
      action: {
        action: 'control_changed',
        target: { kind: 'control', id: 'global' },
        reason,
        details: { before: before?.mode ?? null, after: mode, until: until?.toISOString() ?? null },
      },
      result: { already: false },
    };
  });
}

function controlOf(mode: Control['mode'], until: Date | null, said: Pick<Control, 'reason' | 'by'>): Control {
  if (mode !== 'run') return { mode, until, ...said };
  if (until === null) return { mode, until, ...said };
  throw new PlaybookError('input_invalid', 'The mode run has no end; leave the time empty.');
}

function parsed(stored: StoredDocument): z.ZodSafeParseResult<Control> {
  refuseLaterFormat(stored);
  return Control.safeParse({ until: null, reason: '', by: '', ...stored.data });
}

/** Whether both settings are the same; for `run`, whatever the reason. */
function isSame(before: Control, { mode, until, reason }: ControlRequest): boolean {
  if (before.mode !== mode) return false;
  return mode === 'run' || (before.reason === reason && before.until?.getTime() === until?.getTime());
}

function controlWrite(stored: StoredDocument | undefined, control: Control): Write {
  const data = { ...control, format: FIRST_FORMAT };
  if (stored === undefined) return { kind: 'create', path: CONTROL_PATH, data };
  const changes = Object.entries(data).map(([field, value]) => ({ field: [field], value }));
  return { kind: 'update', path: CONTROL_PATH, changes, ifUpdateTime: stored.updateTime };
}
