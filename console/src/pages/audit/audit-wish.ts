import { z } from 'zod';
import { AuditAction } from '#records/audit/audit-entry.ts';
import { hrefOf } from '#console/view/elements/href-of.ts';

/** Firestore compares fewer than 1,500 bytes, and a character takes at most three of them. */
const MAX_WORD_CHARS = 450;

const OptionalWord = z
  .string()
  .transform((word) => (word.trim() === '' ? undefined : word.trim().slice(0, MAX_WORD_CHARS)))
  .optional();

/** What an address asks of the audit log; an unknown action is left out. */
export const AuditWish = z.object({
  action: AuditAction.optional().catch(undefined),
  by: OptionalWord,
  target: OptionalWord,
  after: z.string().optional(),
});
export type AuditWish = z.infer<typeof AuditWish>;

/** The address of a wish. */
export function auditHref(wish: Partial<AuditWish>): string {
  return hrefOf('/audit', wish);
}
