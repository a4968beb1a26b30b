import { z } from 'zod';
import { ThreadKind } from '#records/threads/thread.ts';
import { hrefOf } from '#console/view/elements/href-of.ts';

/** The tabs of the inbox, in their order. */
export const TAB_NAMES = ['waiting', 'open', 'decided', 'expired', 'closed', 'all'] as const;
export type Tab = (typeof TAB_NAMES)[number];

/** The tabs as people read them. */
export const TABS: Readonly<Record<Tab, string>> = {
  waiting: 'Waiting',
  open: 'Open',
  decided: 'Decided',
  expired: 'Expired',
  closed: 'Closed',
  all: 'All',
};

/** What an address asks of the inbox; anything unknown is the default. */
export const InboxWish = z.object({
  state: z.enum(TAB_NAMES).catch('waiting'),
  kind: ThreadKind.optional().catch(undefined),
  assignee: z
    .string()
    .max(64)
    .transform((role) => (role === '' ? undefined : role))
    .optional()
    .catch(undefined),
  after: z.string().optional(),
});
export type InboxWish = z.infer<typeof InboxWish>;

/** The address of a wish. */
export function inboxHref({ state, kind, assignee, after }: InboxWish): string {
  return hrefOf('/inbox', { state, kind, assignee, after });
}
