import type { Company } from './company.ts';
import type { User } from './users.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Every figure of the tools, computed from the generated company with plain loops: no database, no code of the tools.
 */
export function expectedFigures(demo: Company, now: Date) {
  return {
    day: expectedDay(demo, now.getTime() - DAY_MS, now.getTime()),
    dayBefore: expectedDay(demo, now.getTime() - 2 * DAY_MS, now.getTime() - DAY_MS),
    signups: expectedSignups(demo, now),
    revenue: expectedRevenue(demo, now),
    atRisk: expectedAtRisk(demo, now),
    inactive: expectedInactive(demo, now),
    favourites: expectedFavourites(demo),
    errorsOfDay: expectedErrors(demo, now),
  };
}

function isIn(instant: Date | null, fromMs: number, toMs: number): boolean {
  return instant !== null && instant.getTime() >= fromMs && instant.getTime() < toMs;
}

/** The same for any window, from `fromMs` (included) to `toMs` (excluded). */
export function expectedDay(demo: Company, fromMs: number, toMs: number) {
  const isThen = (instant: Date | null): boolean => isIn(instant, fromMs, toMs);
  const sums = { revenue: 0, orders: 0, requests: 0, errors: 0 };
  for (const order of demo.orders) {
    if (order.status === 'refunded' || !isThen(order.createdAt)) continue;
    sums.orders += 1;
    sums.revenue += order.amount;
  }
  for (const hour of demo.traffic) {
    if (!isThen(hour.at)) continue;
    sums.requests += hour.requests;
    sums.errors += hour.errors;
  }
  return {
    ...sums,
    signups: demo.users.filter(({ createdAt }) => isThen(createdAt)).length,
    activeUsers: demo.users.filter(({ lastLoginAt }) => isThen(lastLoginAt)).length,
    criticalErrors: demo.logs.filter(({ severity, at }) => severity === 'CRITICAL' && isThen(at)).length,
    campaigns: demo.campaigns.filter(({ sentAt }) => isThen(sentAt)).length,
  };
}

function expectedSignups(demo: Company, now: Date) {
  const byRole: Record<string, number> = { customer: 0, dispensary: 0, brand: 0, other: 0 };
  const bySource: Record<string, number> = { vibe_studio: 0, academy: 0, training: 0, age_gate: 0, other: 0 };
  const funnel = [0, 0, 0, 0];
  let before = 0;
  for (const user of demo.users) {
    const ageMs = now.getTime() - user.createdAt.getTime();
    if (ageMs > 7 * DAY_MS && ageMs <= 14 * DAY_MS) before += 1;
    if (ageMs <= 0 || ageMs > 7 * DAY_MS) continue;
    const role = user.role in byRole ? user.role : 'other';
    const source = user.source in bySource ? user.source : 'other';
    byRole[role] = (byRole[role] ?? 0) + 1;
    bySource[source] = (bySource[source] ?? 0) + 1;
    [user.createdAt, user.verifiedAt, user.onboardedAt, user.paidAt].forEach((reached, stage) => {
      if (reached !== null) funnel[stage] = (funnel[stage] ?? 0) + 1;
    });
  }
  return { signups: funnel[0] ?? 0, before, byRole, bySource, funnel };
}

/** The revenue of a week ago comes from who subscribed then, not from the events, which the tool adds up backwards. */
function expectedRevenue(demo: Company, now: Date) {
  const weekAgoMs = now.getTime() - 7 * DAY_MS;
  const changed = expectedChanges(demo, weekAgoMs);
  let mrr = 0;
  let mrrThen = 0;
  let subscribersThen = 0;
  let lostMrr = 0;
  let lost = 0;
  for (const { mrr: amount, status, startedAt, canceledAt } of demo.subscriptions) {
    if (status === 'active') mrr += amount;
    const wasThere = startedAt.getTime() < weekAgoMs && (canceledAt === null || canceledAt.getTime() >= weekAgoMs);
    if (!wasThere) continue;
    mrrThen += amount;
    subscribersThen += 1;
    if (status !== 'canceled') continue;
    lostMrr += amount;
    lost += 1;
  }
  const mrrWeekAgo = mrrThen - changed.expansion + changed.contraction;
  return { mrr, mrrWeekAgo, ...changed, subscribersThen, lostMrr, lost };
}

function expectedChanges(demo: Company, sinceMs: number) {
  const changed = { expansion: 0, contraction: 0 };
  for (const event of demo.subscription_events) {
    if (event.at.getTime() < sinceMs) continue;
    if (event.kind === 'expansion' || event.kind === 'contraction') changed[event.kind] += event.amount;
  }
  return changed;
}

function isCustomer(user: User): boolean {
  return user.status === 'active' && user.role !== 'staff';
}

/** Whether a customer who is old enough has not done something for this many days. */
function isSilent(user: User, last: Date | null, days: number, now: Date): boolean {
  if (now.getTime() - user.createdAt.getTime() <= days * DAY_MS) return false;
  return last === null || now.getTime() - last.getTime() > days * DAY_MS;
}

function expectedAtRisk(demo: Company, now: Date) {
  const waiting = new Set<string>();
  for (const ticket of demo.tickets) if (ticket.status !== 'closed') waiting.add(ticket.customerId);
  const found = { customers: 0, atRisk: new Set<string>(), noLogin: 0, noCampaigns: 0, openTickets: 0 };
  for (const user of demo.users) {
    if (!isCustomer(user)) continue;
    found.customers += 1;
    const noLogin = isSilent(user, user.lastLoginAt, 14, now);
    const noCampaigns = isSilent(user, user.lastCampaignAt, 30, now);
    if (noLogin) found.noLogin += 1;
    if (noCampaigns) found.noCampaigns += 1;
    if (waiting.has(user.id)) found.openTickets += 1;
    if (noLogin || noCampaigns || waiting.has(user.id)) found.atRisk.add(user.id);
  }
  return found;
}

function expectedInactive(demo: Company, now: Date) {
  const reasons = new Map<string, string[]>();
  for (const user of demo.users) {
    if (!isCustomer(user)) continue;
    const why: string[] = [];
    if (isSilent(user, user.lastLoginAt, 7, now)) why.push('no_login');
    if (isSilent(user, user.lastOrderAt, 7, now)) why.push('no_orders');
    if (isSilent(user, user.lastCampaignAt, 7, now)) why.push('no_campaigns');
    if (why.length > 0) reasons.set(user.id, why);
  }
  return reasons;
}

/** What each customer ordered most often in their last ten orders; in a tie, the first by name. */
function expectedFavourites(demo: Company): ReadonlyMap<string, string> {
  const counts = new Map<string, Map<string, number>>();
  for (const { customerId, products } of demo.orders) {
    const ofCustomer = counts.get(customerId) ?? new Map<string, number>();
    for (const product of products) ofCustomer.set(product, (ofCustomer.get(product) ?? 0) + 1);
    counts.set(customerId, ofCustomer);
  }
  const favourites = new Map<string, string>();
  for (const [customerId, ofCustomer] of counts) {
    const most = Math.max(...ofCustomer.values());
    const best = [...ofCustomer.keys()].filter((product) => ofCustomer.get(product) === most);
    favourites.set(customerId, best.toSorted()[0] ?? '');
  }
  return favourites;
}

function expectedErrors(demo: Company, now: Date): number {
  let errors = 0;
  for (const { at, severity } of demo.logs) {
    const isError = severity === 'ERROR' || severity === 'CRITICAL';
    if (isError && isIn(at, now.getTime() - DAY_MS, now.getTime() + 1)) errors += 1;
  }
  return errors;
}
