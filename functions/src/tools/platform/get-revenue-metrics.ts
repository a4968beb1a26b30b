import { z } from 'zod';
import { DAY_MS } from '#core/duration.ts';
import type { Platform } from '#language/settings/platform.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { mapped, oneOf, shareOf, type Window, within } from './platform-data.ts';
import { defineTool } from '../tool.ts';

const WEEK_MS = 7 * DAY_MS;

/** The recurring revenue and the causes of its change. */
export const getRevenueMetrics = defineTool({
  name: 'getRevenueMetrics',
  summary: 'Monthly recurring revenue now and a week ago, with the amounts won, expanded, reduced and lost in between.',
  effect: 'none',
  input: z.strictObject({}),
  /** Money is USD of monthly recurring revenue; rates are shares (0.05 for 5 %). */
  output: z.object({
    since: z.string(),
    until: z.string(),
    mrr: z.number(),
    /** The recurring revenue a week ago: today's, minus all changes since. */
    mrrWeekAgo: z.number(),
    mrrChange: z.number(),
    /** The change as a share of `mrrWeekAgo`; null if that was 0. */
    mrrGrowth: z.number().nullable(),
    newMrr: z.number(),
    expansion: z.number(),
    contraction: z.number(),
    churnedDollars: z.number(),
    subscribers: z.number().int(),
    subscribersWeekAgo: z.number().int(),
    newSubscribers: z.number().int(),
    churnedSubscribers: z.number().int(),
    /** Lost subscribers as a share of those a week ago; null if there were none. */
    churnRate: z.number().nullable(),
    /** Lost recurring revenue as a share of that a week ago; null if there was none. */
    churnedShare: z.number().nullable(),
  }),
  example: {},
  async run(_input, { ports, clock }) {
    const platform = await ports.settings.platform();
    const subscriptions = mapped(platform.subscriptions, 'subscriptions');
    const events = mapped(platform.subscriptionEvents, 'subscriptionEvents');
    const until = clock.now();
    const window = { since: new Date(until.getTime() - WEEK_MS), until };
    const active = oneOf(subscriptions.fields.status, subscriptions.activeStatus);

    const moved = (kind: string) => movementOf(kind, events, window, ports.documents);

    const [standing, won, expanded, reduced, lost] = await Promise.all([
      ports.documents.aggregate({ collection: subscriptions.collection, where: [active] }, [subscriptions.fields.mrr]),
      moved(events.kinds.new),
      moved(events.kinds.expansion),
      moved(events.kinds.contraction),
      moved(events.kinds.churn),
    ]);
    const mrr = standing.sums[subscriptions.fields.mrr] ?? 0;
    const mrrChange = won.amount + expanded.amount - reduced.amount - lost.amount;
    const mrrWeekAgo = mrr - mrrChange;
    const subscribersWeekAgo = standing.count - won.count + lost.count;
    return {
      since: window.since.toISOString(),
      until: until.toISOString(),
      mrr,
      mrrWeekAgo,
      mrrChange,
      mrrGrowth: shareOf(mrrChange, mrrWeekAgo),
      newMrr: won.amount,
      expansion: expanded.amount,
      contraction: reduced.amount,
      churnedDollars: lost.amount,
      subscribers: standing.count,
      subscribersWeekAgo,
      newSubscribers: won.count,
      churnedSubscribers: lost.count,
      churnRate: shareOf(lost.count, subscribersWeekAgo),
      churnedShare: shareOf(lost.amount, mrrWeekAgo),
    };
  },
});

interface Movement {
  readonly amount: number;
  readonly count: number;
}

/** The recurring revenue that events of one kind moved within a window, and how many there were. */
async function movementOf(
  kind: string,
  events: NonNullable<Platform['subscriptionEvents']>,
  window: Window,
  documents: Documents,
): Promise<Movement> {
  const { collection, fields } = events;
  const where = [oneOf(fields.kind, [kind]), ...within(fields.at, window)];
  const { count, sums } = await documents.aggregate({ collection, where }, [fields.amount]);
  return { amount: sums[fields.amount] ?? 0, count };
}
