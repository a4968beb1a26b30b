import { PlaybookError } from '#core/failure.ts';
import { verifyChain, type ChainVerdict } from '#records/audit/audit-chain.ts';
import type { AuditEntry } from '#records/audit/audit-entry.ts';
import { AUDIT_HEAD_PATH, listAuditEntries, loadHead } from '#records/audit/audit-log.ts';
import type { Page } from '#records/store/query-page.ts';
import type { ConsoleWorld } from '#console/world/world.ts';
import type { AuditWish } from './audit-wish.ts';

const PAGE_SIZE = 25;
/** With the rows of the page, at most the 60 documents that a page may read. */
const VERIFIED = 24;

/** The entries of a wish, and whether the newest entries of the log are intact. */
export interface AuditView {
  readonly page: Page<AuditEntry>;
  readonly verdict: ChainVerdict;
}

/** Reads at most 54 documents. Throws `input_invalid` for an unknown cursor, and `unavailable`. */
export async function loadAudit(world: ConsoleWorld, { action, by, target, after }: AuditWish): Promise<AuditView> {
  const [page, verdict] = await Promise.all([
    listAuditEntries(world.documents, { action, by, targetId: target }, { limit: PAGE_SIZE, after }),
    verifyNewest(world),
  ]);
  return { page, verdict };
}

/** Looks for one entry beyond the newest: what stands behind the head of the log was not written by the console. */
async function verifyNewest({ documents }: ConsoleWorld): Promise<ChainVerdict> {
  try {
    const { sequence } = await loadHead(documents);
    return await verifyChain(documents, { from: Math.max(1, sequence - VERIFIED + 1), limit: VERIFIED + 1 });
  } catch (thrown) {
    // An unreadable head is damage too, and must not hide the entries.
    if (!(thrown instanceof PlaybookError) || thrown.code !== 'internal') throw thrown;
    return { ok: false, brokenAt: AUDIT_HEAD_PATH, why: thrown.message };
  }
}
