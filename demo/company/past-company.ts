import { DAY_MS } from '#core/duration.ts';
import type { DocumentData } from '#ports/documents/documents.ts';
import { busynessAt, inBusinessTime } from './business-time.ts';
import { company, type Company } from './company.ts';
import { silentUsers, type User } from './users.ts';

/** A document of the demo company, as written. */
export interface CompanyDocument {
  readonly path: string;
  readonly data: DocumentData;
}

/** In the past, a silent customer falls silent at this interval, for this long. */
const SILENCE_EVERY_DAYS = 16;
const SILENCE_DAYS = 8;
/** How many never do: they have not been written to when the present begins. */
const NEVER_SILENT = 3;

/** The documents of a company. */
export function companyDocuments(found: Company): readonly CompanyDocument[] {
  return Object.entries(found).flatMap(([collection, documents]) =>
    documents.map(({ id, ...data }): CompanyDocument => ({ path: `${collection}/${id}`, data })),
  );
}

/**
 * The documents of the demo company as of an instant in the past: the same documents, but little happens on weekends,
 * some weeks bring more than others, and only some of the silent customers are silent.
 */
export function pastCompany(asOf: Date): readonly CompanyDocument[] {
  const found = company(asOf);
  const awake = new Set(awakeAmong(silentUsers(found.users), asOf).map(({ id }) => id));
  const past: Company = {
    ...found,
    users: found.users.map((user) => (awake.has(user.id) ? awakened(user, asOf) : user)),
    orders: found.orders.map((order) => ({ ...order, amount: inCents(order.amount * weekFactor(order.createdAt)) })),
    traffic: found.traffic.map(({ id, at, requests, errors }) => {
      const busy = busynessAt(at);
      return { id, at, requests: Math.round(requests * busy), errors: Math.round(errors * busy) };
    }),
  };
  return companyDocuments(past).map(({ path, data }) =>
    // Each hour has a document, however little happens in it.
    path.startsWith('traffic/') ? { path, data } : { path, data: inBusinessTimes(data, asOf) },
  );
}

function awakeAmong(silent: readonly User[], asOf: Date): readonly User[] {
  const day = Math.floor(asOf.getTime() / DAY_MS);
  return silent.filter(
    (_, place) =>
      place >= silent.length - NEVER_SILENT || (day + Math.floor(place / 2) * 5) % SILENCE_EVERY_DAYS >= SILENCE_DAYS,
  );
}

function awakened(user: User, asOf: Date): User {
  const yesterday = new Date(asOf.getTime() - DAY_MS);
  return { ...user, lastLoginAt: yesterday, lastOrderAt: yesterday, lastCampaignAt: yesterday };
}

function inBusinessTimes(data: DocumentData, asOf: Date): DocumentData {
  const moved = Object.entries(data).map(([field, value]) => [
    field,
    value instanceof Date ? inBusinessTime(value, asOf) : value,
  ]);
  return Object.fromEntries(moved);
}

/** Between 0.86 and 1.14, different each week. */
function weekFactor(instant: Date): number {
  return 1 + 0.14 * Math.sin(Math.floor(instant.getTime() / (7 * DAY_MS)) * 2.4);
}

function inCents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
