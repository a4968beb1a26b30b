import { z } from 'zod';
import { cut } from '#core/cut.ts';
import { type Json, JsonValue } from '#core/json.ts';
import { jsonDigest } from '#core/json-digest.ts';
import { ROLES } from '#ports/identity.ts';

const MAX_TEXT_CHARS = 2_000;
const MAX_DETAILS_CHARS = 20_000;
const SEQUENCE_DIGITS = 12;

/** All recorded actions. None is ever removed, because entries with it may exist. */
export const AuditAction = z.enum([
  'thread_approved',
  'thread_rejected',
  'thread_payload_modified',
  'decision_undone',
  'thread_commented',
  'thread_assigned',
  'thread_closed',
  'thread_reopened',
  'playbook_paused',
  'playbook_resumed',
  'playbook_enabled',
  'playbook_disabled',
  'execution_requested',
  'execution_ended',
  'control_changed',
  'role_granted',
  'role_revoked',
  'signed_in',
  'signed_out',
  'sign_in_refused',
]);
export type AuditAction = z.infer<typeof AuditAction>;

/** What an entry is about. `name` is the name it had at that time. */
export const AuditTarget = z.strictObject({
  kind: z.enum(['thread', 'playbook', 'execution', 'control', 'person']),
  id: z.string(),
  name: z.string().optional(),
});
export type AuditTarget = z.infer<typeof AuditTarget>;

/** One change that a person made: `audit_log/{sequence}`. Strict, because the hash covers only these fields. */
export const AuditEntry = z
  .strictObject({
    at: z.date(),
    by: z.string(),
    role: z.enum(ROLES).nullable(),
    action: AuditAction,
    target: AuditTarget,
    reason: z.string().optional(),
    details: JsonValue.optional(),
    /** Lets a writer recognize its own entry after a lost answer. */
    nonce: z.string(),
    /** 1 for the first entry, then ascending without gaps. */
    sequence: z.int().positive(),
    /** The hash of the previous entry; null in the first. */
    previousSha256: z.string().nullable(),
    /** The hash of all other fields. */
    sha256: z.string(),
  })
  .refine(
    ({ sequence, previousSha256 }) => (sequence === 1) === (previousSha256 === null),
    'only the first entry has no previous one',
  );
export type AuditEntry = z.infer<typeof AuditEntry>;

/** How the caller describes a change. `details` are facts (before, after, hashes), never a secret or a payload. */
export interface AuditedAction {
  readonly action: AuditAction;
  readonly target: AuditTarget;
  readonly reason?: string | undefined;
  readonly details?: Json | undefined;
}

/** Where a chain of entries ends; `sequence` 0 and `sha256` null before the first entry. */
export interface ChainEnd {
  readonly sequence: number;
  readonly sha256: string | null;
}

/** The entry that follows `end`, with its hash. Texts are cut at 2,000 characters, large details are shortened. */
export function nextEntry(
  end: ChainEnd,
  { action, target, reason, details }: AuditedAction,
  written: Pick<AuditEntry, 'at' | 'by' | 'role' | 'nonce'>,
): AuditEntry {
  const { name } = target;
  const entry = {
    ...written,
    by: cutText(written.by),
    action,
    target: { kind: target.kind, id: cutText(target.id), ...(name === undefined ? {} : { name: cutText(name) }) },
    ...(reason === undefined || reason === '' ? {} : { reason: cutText(reason) }),
    ...(details === undefined ? {} : { details: bounded(details) }),
    sequence: end.sequence + 1,
    previousSha256: end.sha256,
  };
  return { ...entry, sha256: entrySha256(entry) };
}

/** The correct hash of an entry. */
export function entrySha256(entry: Omit<AuditEntry, 'sha256'>): string {
  return jsonDigest({ ...entry, sha256: undefined });
}

/** The id of an entry's document. Sorted by id, entries are in the order of their numbers. */
export function entryId(sequence: number): string {
  return String(sequence).padStart(SEQUENCE_DIGITS, '0');
}

function cutText(text: string): string {
  return cut(text, MAX_TEXT_CHARS);
}

function bounded(details: Json): Json {
  const json = JSON.stringify(details);
  return json.length > MAX_DETAILS_CHARS ? { cut: cutText(json) } : withCutTexts(details);
}

function withCutTexts(value: Json): Json {
  if (typeof value === 'string') return cutText(value);
  if (Array.isArray(value)) return value.map(withCutTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withCutTexts(item)]));
}
