import { DAY_MS } from '#core/duration.ts';
import { DocumentsError } from '#ports/documents/documents.ts';
import type { DocumentData, Documents, StoredDocument } from '#ports/documents/documents.ts';
import { instantAt, textAt } from '../platform/platform-data.ts';

const MAX_TRIES = 3;

/** Who wants to contact a customer, and for how long nobody else may. */
export interface ContactWish {
  readonly executionId: string;
  readonly idempotencyKey: string;
  readonly everyDays: number;
  readonly now: Date;
}

/** A customer reserved for this execution, or the execution that has it. */
export type Reservation =
  | { readonly reserved: true; readonly at: Date; readonly key: string }
  | { readonly reserved: false; readonly until: Date; readonly executionId: string };

/** The document that says when a customer may be contacted again. */
export function contactPath(customerId: string): string {
  return `playbook_contacts/${customerId}`;
}

/**
 * Reserves a customer, whichever playbooks want it at the same moment: at most one execution has it in `everyDays` days.
 * The same execution gets the same reservation again. A customer counts as contacted as soon as a campaign is drafted.
 * Throws `DocumentsError`.
 */
export async function reserveContact(
  documents: Documents,
  customerId: string,
  wish: ContactWish,
): Promise<Reservation> {
  const path = contactPath(customerId);
  for (let tries = 1; ; tries += 1) {
    const stored = await documents.get(path);
    const held = stored === undefined ? undefined : heldBy(stored, wish);
    if (held !== undefined) return held;
    try {
      await take(documents, path, wish, stored);
      return { reserved: true, at: wish.now, key: wish.idempotencyKey };
    } catch (error) {
      if (!(error instanceof DocumentsError)) throw error;
      if (error.code === 'unavailable') return reservedAfterAll(documents, path, wish, error);
      // Somebody else was faster, or our own write went through and its answer was lost: look again.
      if (tries >= MAX_TRIES || !MAY_LOOK_AGAIN.has(error.code)) throw error;
    }
  }
}

const MAY_LOOK_AGAIN: ReadonlySet<DocumentsError['code']> = new Set(['already_exists', 'conflict', 'not_found']);

/** Looks once for a write whose answer was lost. Throws why it was lost where it is not there: the step tries again. */
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

/** Undefined when the customer may be taken. */
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
