import { z } from 'zod';
import { PlaybookError } from '#core/failure.ts';
import { DocumentsError, type Documents, type Where, type Write } from '#ports/documents/documents.ts';
import type { Actor, ChangeWorld } from './actor.ts';
import { type AuditAction, AuditEntry, type AuditedAction, type ChainEnd, entryId, nextEntry } from './audit-entry.ts';
import { documentFields } from '../store/document-json.ts';
import { MAX_TRIES, optimistically, randomPause, type Try } from '../store/optimistic.ts';
import { parsedRecord } from '../store/parsed-record.ts';
import { queryPage, type Page, type PageRequest } from '../store/query-page.ts';
import { databaseFailure, reachable } from '../store/reachable.ts';

/** The collection of the entries. */
export const AUDIT_LOG = 'audit_log';

/** The document that records where the chain of entries ends, so that a deletion at the end is noticed. */
export const AUDIT_HEAD_PATH = 'ops_control/audit_head';

/** How long a waiting person waits for the database: for one call, and for all attempts together. */
const LIMIT = { timeoutMs: 5_000 };

/** What a change requires: nothing, because it is already in effect, or writes and their description for the log. */
export type PreparedChange<Result> =
  | { readonly kind: 'unchanged'; readonly result: Result }
  | {
      readonly kind: 'change';
      /** Conditional on what was read, or harmless if that has changed since. */
      readonly writes: readonly Write[];
      readonly action: AuditedAction;
      readonly result: Result;
    };

/** Which entries to list. */
export interface AuditFilter {
  readonly action?: AuditAction | undefined;
  readonly by?: string | undefined;
  readonly targetId?: string | undefined;
}

const Head = z.object({ sequence: z.int().positive(), sha256: z.string() });

/**
 * Makes a change and its audit entry in one commit, so one never exists without the other. `prepare` reads the current state
 * and decides; it is called again after a conflict with another writer, and its errors are passed on. After a lost answer,
 * the commit is searched for before it is repeated, and it is not repeated after 5 s. Throws `unavailable` with the
 * database's reason (checking and repeating is safe; the cause says whether it may have been done), `unauthenticated`,
 * `input_invalid` (the database cannot store it), `internal` (the audit log's head is damaged).
 */
export async function commitAudited<Result>(
  { documents, clock, newId }: ChangeWorld,
  actor: Actor,
  prepare: () => Promise<PreparedChange<Result>>,
): Promise<Result> {
  const nonce = newId();
  const startMs = clock.now().getTime();
  let lost: PlaybookError | undefined;
  const attempt = async (): Promise<Try<Result>> => {
    const change = await prepare();
    if (change.kind === 'unchanged') return { kind: 'done', result: change.result };
    const end = await loadHead(documents);
    const entry = nextEntry(end, change.action, { at: clock.now(), by: actor.email, role: actor.role, nonce });
    const outcome = await commitOnce(documents, [...change.writes, ...auditWrites(end, entry)], entry);
    if (outcome.kind === 'committed') return { kind: 'done', result: change.result };
    if (outcome.kind === 'unanswered') {
      lost = unanswered(outcome.cause);
      if (clock.now().getTime() - startMs >= LIMIT.timeoutMs) throw lost;
    }
    return { kind: 'again', cause: outcome.cause };
  };
  return optimistically(attempt, { pause: randomPause(clock, nonce), gaveUp: () => lost ?? raced() });
}

function raced(): PlaybookError {
  return new PlaybookError(
    'unavailable',
    `Nothing was changed: in each of ${MAX_TRIES} attempts, the audit log or the same record changed at the same moment. ` +
      'Try again; if this persists, run npm run playbook -- audit --verify.',
  );
}

function unanswered(cause: DocumentsError): PlaybookError {
  return new PlaybookError(
    'unavailable',
    `It is unknown whether this was done; check before you repeat it. ${cause.message}`,
    { cause },
  );
}

/** Records something that changes none of our records: a sign-in, a role, a request. Throws like `commitAudited`. */
export async function appendAudit(world: ChangeWorld, actor: Actor, action: AuditedAction): Promise<void> {
  await commitAudited(world, actor, async () => ({ kind: 'change', writes: [], action, result: undefined }));
}

/** Entries, newest first, in one query. Throws like `queryPage`. */
export async function listAuditEntries(
  documents: Documents,
  { action, by, targetId }: AuditFilter,
  page: PageRequest,
): Promise<Page<AuditEntry>> {
  const where: Where[] = [];
  if (action !== undefined) where.push({ field: 'action', op: '==', value: action });
  if (by !== undefined) where.push({ field: 'by', op: '==', value: by });
  if (targetId !== undefined) where.push({ field: 'target.id', op: '==', value: targetId });
  const orderBy = [{ field: 'at', direction: 'desc' }] as const;
  return queryPage(documents, { collection: AUDIT_LOG, where, orderBy }, page, (stored) =>
    parsedRecord(AuditEntry, stored),
  );
}

/** Where the chain ends, and the version of the document that records it. Throws `unavailable`, `internal` (damaged). */
export async function loadHead(
  documents: Pick<Documents, 'get'>,
): Promise<ChainEnd & { readonly updateTime: string | undefined }> {
  const stored = await reachable(documents.get(AUDIT_HEAD_PATH, LIMIT));
  if (stored === undefined) return { sequence: 0, sha256: null, updateTime: undefined };
  return { ...parsedRecord(Head, stored), updateTime: stored.updateTime };
}

/** The writes of the entry, which never replaces another, and of the chain's new end, conditional on the end that was read. */
function auditWrites(end: ChainEnd & { readonly updateTime: string | undefined }, entry: AuditEntry): readonly Write[] {
  const { sequence, sha256 } = entry;
  const head: Write =
    end.updateTime === undefined
      ? { kind: 'create', path: AUDIT_HEAD_PATH, data: { sequence, sha256 } }
      : {
          kind: 'update',
          path: AUDIT_HEAD_PATH,
          changes: [
            { field: ['sequence'], value: sequence },
            { field: ['sha256'], value: sha256 },
          ],
          ifUpdateTime: end.updateTime,
        };
  return [{ kind: 'create', path: `${AUDIT_LOG}/${entryId(sequence)}`, data: documentFields(entry) }, head];
}

/** The outcome of one attempt. `raced`: another writer was faster; nothing was written. `unanswered`: not found so far. */
type Outcome =
  | { readonly kind: 'committed' }
  | { readonly kind: 'raced'; readonly cause: DocumentsError }
  | { readonly kind: 'unanswered'; readonly cause: DocumentsError };

/** Throws the errors that another attempt cannot fix. */
async function commitOnce(documents: Documents, writes: readonly Write[], entry: AuditEntry): Promise<Outcome> {
  try {
    await documents.commit(writes, LIMIT);
    return { kind: 'committed' };
  } catch (thrown) {
    if (!(thrown instanceof DocumentsError)) throw thrown;
    switch (thrown.code) {
      case 'conflict':
      case 'already_exists':
      case 'not_found':
        // The client may have repeated our own commit and met the entry of its first try.
        return (await isOwn(documents, entry, thrown)) ? { kind: 'committed' } : { kind: 'raced', cause: thrown };
      case 'unavailable':
        if (!thrown.mayBeApplied) throw databaseFailure(thrown);
        return (await isOwn(documents, entry, thrown)) ? { kind: 'committed' } : { kind: 'unanswered', cause: thrown };
      case 'invalid':
      case 'denied':
        throw databaseFailure(thrown, { what: 'The database cannot store this change', invalid: 'input_invalid' });
    }
  }
}

/**
 * Whether a commit that ended like this has happened. One that is still on its way does no harm: it requires the same end
 * of the chain as the next attempt, so only one of the two succeeds.
 */
async function isOwn(documents: Documents, { sequence, nonce }: AuditEntry, thrown: DocumentsError): Promise<boolean> {
  try {
    const stored = await documents.get(`${AUDIT_LOG}/${entryId(sequence)}`, LIMIT);
    return stored?.data['nonce'] === nonce;
  } catch (unread) {
    if (!(unread instanceof DocumentsError)) throw unread;
    throw thrown.code === 'unavailable' ? unanswered(thrown) : databaseFailure(unread);
  }
}
