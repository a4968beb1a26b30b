import { DAY_MS } from '#core/duration.ts';
import { DocumentsError, type DocumentData, type Documents, type StoredDocument } from '#ports/documents/documents.ts';
import { optimistically, unlessRaced } from '#records/store/optimistic.ts';
import { instantAt, textAt } from '../platform/platform-data.ts';

/** The execution that wants to contact a customer, and for how long no other one may. */
export interface ContactWish {
  readonly executionId: string;
  readonly idempotencyKey: string;
  readonly everyDays: number;
  readonly now: Date;
}

/** A customer reserved for this execution, or the other execution that has the reservation. */
export type Reservation =
  | { readonly reserved: true; readonly at: Date; readonly key: string }
  | { readonly reserved: false; readonly until: Date; readonly executionId: string };

/** The path of the document that says when a customer may be contacted again. */
export function contactPath(customerId: string): string {
  return `playbook_contacts/${customerId}`;
}

/**
 * Reserves a customer, even if several playbooks try at the same moment: at most one execution gets it in `everyDays` days.
 * The same execution gets the same reservation again. A customer counts as contacted as soon as a campaign is drafted.
 * Throws `DocumentsError`.
 */
export async function reserveContact(
  documents: Documents,
  customerId: string,
  wish: ContactWish,
): Promise<Reservation> {
  const path = contactPath(customerId);
  const reservation = { reserved: true, at: wish.now, key: wish.idempotencyKey } as const;
  // The faster execution keeps the customer, so the second attempt already finds the decision.
  return optimistically<Reservation>(async () => {
    const stored = await documents.get(path);
    const held = stored === undefined ? undefined : heldBy(stored, wish);
    if (held !== undefined) return { kind: 'done', result: held };
    try {
      return await unlessRaced(take(documents, path, wish, stored), reservation);
    } catch (error) {
      if (!(error instanceof DocumentsError) || error.code !== 'unavailable') throw error;
      return { kind: 'done', result: await reservedAfterAll(documents, path, wish, error) };
    }
  });
}

/** Checks once for a write whose answer was lost. If it is missing, throws the cause of the loss, and the step tries again. */
async function reservedAfterAll(
  documents: Documents,
  path: string,
  wish: ContactWish,
  lost: DocumentsError,
): Promise<Reservation> {
  const stored = lost.mayBeApplied ? await documents.get(path).catch(() => undefined) : undefined;
  const held = stored === undefined ? undefined : heldBy(stored, wish);
  if (held === undefined) throw lost;
  return held;
}

/** Another execution's reservation; undefined if the customer is available. */
function heldBy({ data }: StoredDocument, { executionId, now }: ContactWish): Reservation | undefined {
  const at = instantAt(data, 'reservedAt');
  const until = instantAt(data, 'until');
  const holder = textAt(data, 'executionId');
  if (at === null || until === null) return undefined;
  if (holder === executionId) return { reserved: true, at, key: textAt(data, 'idempotencyKey') };
  return until > now ? { reserved: false, until, executionId: holder } : undefined;
}

async function take(
  documents: Documents,
  path: string,
  { executionId, idempotencyKey, everyDays, now }: ContactWish,
  stored: StoredDocument | undefined,
): Promise<void> {
  const until = new Date(now.getTime() + everyDays * DAY_MS);
  const data: DocumentData = { executionId, idempotencyKey, reservedAt: now, until, expireAt: until };
  if (stored === undefined) {
    await documents.commit([{ kind: 'create', path, data }]);
    return;
  }
  const changes = Object.entries(data).map(([field, value]) => ({ field: [field], value }));
  await documents.commit([{ kind: 'update', path, changes, ifUpdateTime: stored.updateTime }]);
}
