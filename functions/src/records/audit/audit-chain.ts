import { PlaybookError } from '#core/failure.ts';
import type { Documents, StoredDocument } from '#ports/documents/documents.ts';
import { AuditEntry, type ChainEnd, entryId, entrySha256 } from './audit-entry.ts';
import { AUDIT_LOG, loadHead } from './audit-log.ts';
import { findDocument } from '../store/find-document.ts';
import { parsedRecord } from '../store/parsed-record.ts';
import { reachable } from '../store/reachable.ts';

const PAGE = 500;

/** Which part of the chain to check. The entry before `from` is assumed to be sound. */
export interface ChainRange {
  /** The number of the first entry; 1 by default. */
  readonly from?: number;
  /** The maximum number of entries; all by default. */
  readonly limit?: number;
}

/** The result of a check. `complete`: the chain was checked to its end. `brokenAt`: the id of the first wrong document. */
export type ChainVerdict =
  | { readonly ok: true; readonly entries: number; readonly complete: boolean }
  | { readonly ok: false; readonly brokenAt: string; readonly why: string };

/**
 * Checks that every entry is unchanged and follows the one before it, and that none is missing, including at the end. It
 * cannot detect that someone with write access to the database rewrote the whole chain and its head.
 * Throws `unavailable`, `internal` (the head is damaged), `input_invalid` (`from` is after the end).
 */
export async function verifyChain(
  documents: Documents,
  { from = 1, limit = Infinity }: ChainRange,
): Promise<ChainVerdict> {
  const head = await loadHead(documents);
  const anchor = await anchorOf(documents, from - 1, head);
  if ('why' in anchor) return { ok: false, brokenAt: entryId(from - 1), why: anchor.why };
  let end: ChainEnd = anchor;
  let entries = 0;
  while (entries < limit) {
    const asked = Math.min(PAGE, limit - entries);
    const page = await reachable(documents.query(pageAfter(end, asked)));
    for (const stored of page) {
      const checked = checkedEntry(stored, end);
      if ('why' in checked) return { ok: false, brokenAt: stored.id, why: checked.why };
      if (checked.sequence === head.sequence && checked.sha256 !== head.sha256) {
        return { ok: false, brokenAt: stored.id, why: 'It is not the entry that the head of the log names.' };
      }
      end = checked;
      entries += 1;
    }
    if (page.length < asked) return atTheEnd(documents, { entries, end, expected: head.sequence });
  }
  if (end.sequence > head.sequence) return atTheEnd(documents, { entries, end, expected: head.sequence });
  return { ok: true, entries, complete: end.sequence === head.sequence };
}

function pageAfter(end: ChainEnd, limit: number) {
  const query = { collection: AUDIT_LOG, limit };
  return end.sequence === 0 ? query : { ...query, startAfter: { values: [], id: entryId(end.sequence) } };
}

/** The entry, if it is sound and follows `end`; otherwise what is wrong with it. */
function checkedEntry(
  stored: StoredDocument,
  end: ChainEnd,
): (ChainEnd & { sequence: number }) | { readonly why: string } {
  const entry = readEntry(stored);
  if (entry instanceof PlaybookError) return { why: entry.message };
  const expected = end.sequence + 1;
  if (stored.id !== entryId(expected)) return { why: `The entry ${entryId(expected)} before it is missing.` };
  if (entry.sequence !== expected) return { why: `Its number is ${entry.sequence} instead of ${expected}.` };
  if (entrySha256(entry) !== entry.sha256)
    return { why: 'It was changed after it was written: its hash does not match.' };
  if (entry.previousSha256 !== end.sha256) return { why: 'It does not follow the entry before it.' };
  return { sequence: expected, sha256: entry.sha256 };
}

function readEntry(stored: StoredDocument): AuditEntry | PlaybookError {
  try {
    return parsedRecord(AuditEntry, stored);
  } catch (thrown) {
    if (thrown instanceof PlaybookError) return thrown;
    throw thrown;
  }
}

/** The entry before the first one to check, or what is wrong with it. */
async function anchorOf(
  documents: Documents,
  sequence: number,
  head: ChainEnd,
): Promise<ChainEnd | { readonly why: string }> {
  if (sequence <= 0) return { sequence: 0, sha256: null };
  const stored = await findDocument(documents, AUDIT_LOG, entryId(sequence));
  if (stored === undefined) {
    if (sequence <= head.sequence) return { why: 'It is missing.' };
    throw new PlaybookError(
      'input_invalid',
      `Entry ${sequence}, which comes before the first one to check, does not exist. Start at 1.`,
    );
  }
  const entry = readEntry(stored);
  return entry instanceof PlaybookError ? { why: entry.message } : { sequence, sha256: entry.sha256 };
}

async function atTheEnd(
  documents: Documents,
  { entries, end, expected }: { readonly entries: number; readonly end: ChainEnd; readonly expected: number },
): Promise<ChainVerdict> {
  if (end.sequence < expected) {
    const why = `According to the head of the log there are ${expected} entries; this one and all later ones are missing.`;
    return { ok: false, brokenAt: entryId(end.sequence + 1), why };
  }
  const known = end.sequence === expected ? expected : (await loadHead(documents)).sequence;
  if (end.sequence <= known) return { ok: true, entries, complete: true };
  return {
    ok: false,
    brokenAt: entryId(known + 1),
    why: `According to the head of the log there are ${known} entries; the console did not write this one.`,
  };
}
