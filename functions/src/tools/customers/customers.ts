import type { Platform } from '#language/settings/platform.ts';
import { DAY_MS } from '#core/duration.ts';
import type { Documents, StoredDocument, Where } from '#ports/documents/documents.ts';
import { count, instantAt, oneOf, textAt } from '../platform/platform-data.ts';

type Users = Platform['users'];

/** An action that a customer has not taken since `before`. Customers who signed up later cannot have lapsed yet. */
export interface Lapse<Kind extends string = string> {
  readonly kind: Kind;
  /** The field with the time of the last action; null or absent if there was none. */
  readonly field: string;
  readonly before: Date;
}

/** A customer as recorded in the team's users. */
export interface Customer {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
  readonly createdAt: Date | null;
  readonly stored: StoredDocument;
}

/** The customer in a document of the team's users; fields without text are empty. */
export function customerOf(stored: StoredDocument, { fields }: Users): Customer {
  return {
    id: stored.id,
    name: textAt(stored.data, fields.name),
    email: textAt(stored.data, fields.email),
    role: textAt(stored.data, fields.role),
    createdAt: instantAt(stored.data, fields.createdAt),
    stored,
  };
}

/** The conditions that make a user a customer: active, in one of the roles. */
export function customerConditions(users: Users): readonly Where[] {
  const roles = users.roles.map(({ value }) => value);
  return [oneOf(users.fields.status, users.activeStatus), oneOf(users.fields.role, roles)];
}

/** Whether a user is a customer, by the same rule as `customerConditions`. */
export function isCustomer({ stored }: Customer, users: Users): boolean {
  const role = textAt(stored.data, users.fields.role);
  const status = textAt(stored.data, users.fields.status);
  return users.roles.some(({ value }) => value === role) && users.activeStatus.includes(status);
}

/** Whether a customer has lapsed, by the same rule as `lapsedCounts`. */
export function hasLapsed({ stored, createdAt }: Customer, { field, before }: Lapse): boolean {
  const last = instantAt(stored.data, field);
  return createdAt !== null && createdAt < before && (last === null || last < before);
}

/** Counts in the database: customers with each lapse, with any of them, and all customers. */
export async function lapsedCounts(
  documents: Documents,
  users: Users,
  lapses: readonly Lapse[],
): Promise<{ readonly customers: number; readonly any: number; readonly each: readonly number[] }> {
  const counts = new Map<string, Promise<number>>();

  /** Customers who signed up before `signedUp` and have taken all the actions in `done` since. */
  function counted(signedUp: Date, done: readonly Lapse[]): Promise<number> {
    const key = [signedUp.getTime(), ...done.map(({ kind }) => kind)].join(' ');
    const where: Where[] = [
      ...customerConditions(users),
      { field: users.fields.createdAt, op: '<', value: signedUp },
      ...done.map(({ field, before }): Where => ({ field, op: '>=', value: before })),
    ];
    const known = counts.get(key) ?? count(documents, users.collection, where);
    counts.set(key, known);
    return known;
  }

  /** Customers with all lapses in `wanted`: those who could have lapsed, minus those who took any of the actions. */
  async function withAll(wanted: readonly Lapse[]): Promise<number> {
    const signedUp = new Date(Math.min(...wanted.map(({ before }) => before.getTime())));
    const terms = subsetsOf(wanted).map(async (done) => signOf(done) * (await counted(signedUp, done)));
    return sum(await Promise.all(terms));
  }

  const groups = subsetsOf(lapses).filter((group) => group.length > 0);
  const [customers, each, groupCounts] = await Promise.all([
    count(documents, users.collection, customerConditions(users)),
    Promise.all(lapses.map((lapse) => withAll([lapse]))),
    Promise.all(groups.map(withAll)),
  ]);
  // A customer with several lapses is in several groups: inclusion-exclusion counts each once.
  return { customers, each, any: sum(groupCounts.map((number, index) => -signOf(groups[index] ?? []) * number)) };
}

/** Customers with a lapse, first those who never took the action, then the longest inactive; at most `limit` of each. */
export async function lapsedCustomers(
  documents: Documents,
  users: Users,
  lapse: Lapse,
  limit: number,
): Promise<readonly Customer[]> {
  const { collection, fields } = users;
  const where = customerConditions(users);
  const [never, longAgo] = await Promise.all([
    documents.query({
      collection,
      where: [
        ...where,
        { field: lapse.field, op: '==', value: null },
        { field: fields.createdAt, op: '<', value: lapse.before },
      ],
      orderBy: [{ field: fields.createdAt, direction: 'asc' }],
      limit,
    }),
    documents.query({
      collection,
      where: [...where, { field: lapse.field, op: '<', value: lapse.before }],
      orderBy: [{ field: lapse.field, direction: 'asc' }],
      limit,
    }),
  ]);
  return [...never, ...longAgo]
    .map((stored) => customerOf(stored, users))
    .filter((customer) => hasLapsed(customer, lapse))
    .slice(0, limit);
}

/** Full days from an instant until now; null without an instant. */
export function daysSince(instant: Date | null, now: Date): number | null {
  return instant === null ? null : Math.floor((now.getTime() - instant.getTime()) / DAY_MS);
}

function subsetsOf<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const [first, ...rest] = items;
  if (first === undefined) return [[]];
  const without = subsetsOf(rest);
  return [...without, ...without.map((subset) => [first, ...subset])];
}

function signOf(group: readonly unknown[]): 1 | -1 {
  return group.length % 2 === 0 ? 1 : -1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
