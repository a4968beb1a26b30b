import type { Platform } from '#language/settings/platform.ts';
import type { Documents, StoredDocument, Where } from '#ports/documents/documents.ts';
import { textsAt } from '../platform/platform-data.ts';

const OWN_ORDERS = 10;
const OTHERS_ORDERS = 50;
const MAX_RECOMMENDED = 3;

/** A customer's favourite products, and suggestions that match them. */
export interface Recommendation {
  /** Their most frequently ordered products, best first. Empty if they never ordered. */
  readonly favourites: readonly string[];
  /** Products that others ordered together with these and they have not ordered; bestsellers if they never ordered. */
  readonly suggested: readonly string[];
}

/**
 * Recommends from the latest orders up to an instant, so that a repetition gives the same result; products that are ordered
 * together are looked up once. Throws `DocumentsError`.
 */
export function recommender(
  documents: Documents,
  orders: NonNullable<Platform['orders']>,
): (customerId: string, at: Date) => Promise<Recommendation> {
  const companions = new Map<string, Promise<readonly string[]>>();

  async function latest(where: readonly Where[], at: Date, limit: number): Promise<readonly StoredDocument[]> {
    const upTo: Where = { field: orders.fields.createdAt, op: '<=', value: at };
    const orderBy = [{ field: orders.fields.createdAt, direction: 'desc' }] as const;
    return documents.query({ collection: orders.collection, where: [...where, upTo], orderBy, limit });
  }

  function productsIn(found: readonly StoredDocument[]): readonly string[] {
    return byFrequency(found.flatMap(({ data }) => textsAt(data, orders.fields.products)));
  }

  /** The most frequently ordered products, only in orders with `product` if given. */
  function popular(product: string | undefined, at: Date): Promise<readonly string[]> {
    const key = `${at.getTime()} ${product ?? ''}`;
    const where: Where[] =
      product === undefined ? [] : [{ field: orders.fields.products, op: 'array-contains', value: product }];
    const known = companions.get(key) ?? latest(where, at, OTHERS_ORDERS).then(productsIn);
    companions.set(key, known);
    return known;
  }

  return async (customerId, at) => {
    const own = productsIn(
      await latest([{ field: orders.fields.customerId, op: '==', value: customerId }], at, OWN_ORDERS),
    );
    const sold = await popular(own[0], at);
    const suggested = sold.filter((product) => !own.includes(product)).slice(0, MAX_RECOMMENDED);
    return { favourites: own.slice(0, 2), suggested };
  };
}

/** Each product once, the most frequent first, then by name. */
function byFrequency(products: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const product of products) counts.set(product, (counts.get(product) ?? 0) + 1);
  return [...counts]
    .toSorted(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .map(([product]) => product);
}
