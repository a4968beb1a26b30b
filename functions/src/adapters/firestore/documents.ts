import { parseDocumentPath } from '#ports/documents/document-path.ts';
import { checkAggregate, checkQuery, type CheckedQuery } from '#ports/documents/document-query.ts';
import { checkWrites } from '#ports/documents/document-writes.ts';
import type { Documents, StoredDocument, UpdateTime, Write } from '#ports/documents/documents.ts';
import { addWrite } from './add-write.ts';
import { boundedCalls } from './bounded-calls.ts';
import type { Client, FirestoreOptions } from './client.ts';
import { matchingQuery, pagedQuery, selectingQuery } from './firestore-query.ts';
import { asUpdateTime, storedDocument } from './values.ts';
import { watching } from './watch.ts';

/**
 * The documents port on Firestore, or on its emulator if `FIRESTORE_EMULATOR_HOST` is set. The first call loads the SDK
 * and connects.
 *
 * gRPC unless `preferRest`: REST starts 7 % faster in a cold process, but every write in a warm one takes 1.7 times as
 * long, and an execution makes many. It is set explicitly because the Firebase CLI enables REST for deployed functions.
 *
 * Every call ends within its limit with `unavailable`, because the SDK itself continues for up to ten minutes. After
 * that, and after any broken connection, a commit may have been applied, or be applied later; the SDK repeats a commit
 * whose answer was lost, so that its own success may be reported as `already_exists` or `conflict`. Writers must read
 * back. After a call without an answer, the next call gets a new connection.
 */
export function firestoreDocuments(options: FirestoreOptions = {}): Documents {
  const calls = boundedCalls(options);
  const { call } = calls;
  // Only gRPC can watch, and a client that has started with it never uses anything else.
  const listening = options.preferRest === true ? boundedCalls({ ...options, preferRest: false }) : calls;
  return {
    async get(path, limit) {
      parseDocumentPath(path);
      return call('read', `reading ${path}`, (client) => read(client, path), limit?.timeoutMs);
    },
    async commit(writes, limit) {
      checkWrites(writes);
      const what = `writing ${writes.map(({ path }) => path).join(', ')}`;
      return call('commit', what, (client) => commit(client, writes), limit?.timeoutMs);
    },
    async query(query) {
      const checked = checkQuery(query);
      return call('read', `the query of ${query.collection}`, (client) => find(client, checked));
    },
    async aggregate(query, sums = []) {
      const checked = checkAggregate(query, sums);
      return call('read', `counting in ${query.collection}`, (client) => aggregate(client, checked, sums));
    },
    watch: watching(listening),
    async close() {
      await Promise.all([calls.close(), listening.close()]);
    },
  };
}

async function read({ db, sdk }: Client, path: string): Promise<StoredDocument | undefined> {
  const snapshot = await db.doc(path).get();
  const { updateTime, readTime } = snapshot;
  return updateTime === undefined ? undefined : storedDocument(snapshot, updateTime, readTime, sdk);
}

async function find(client: Client, query: CheckedQuery): Promise<readonly StoredDocument[]> {
  const { docs, readTime } = await selectingQuery(query, client).get();
  return docs.map((snapshot) => storedDocument(snapshot, snapshot.updateTime, readTime, client.sdk));
}

async function aggregate(
  client: Client,
  { query, fields }: ReturnType<typeof checkAggregate>,
  sums: readonly string[],
): ReturnType<Documents['aggregate']> {
  const { AggregateField, FieldPath } = client.sdk;
  const matching = matchingQuery(query, client);
  // Separate requests, because one request for several fields skips the documents that lack any of them.
  const [count, ...totals] = await Promise.all([
    pagedQuery(query, client).count().get(),
    ...fields.map((field) => matching.aggregate({ sum: AggregateField.sum(new FieldPath(...field)) }).get()),
  ]);
  const entries = sums.map((field, index) => [field, totals[index]?.data().sum ?? 0] as const);
  return { count: count.data().count, sums: Object.fromEntries(entries) };
}

async function commit(client: Client, writes: readonly Write[]): Promise<UpdateTime> {
  const batch = client.db.batch();
  for (const write of writes) addWrite(batch, write, client);
  const results = await batch.commit();
  // A write that changes nothing keeps the document's older time; the latest one is that of this commit.
  return results.map(({ writeTime }) => asUpdateTime(writeTime)).reduce((a, b) => (later(a, b) ? a : b));
}

function later(a: string, b: string): boolean {
  return a.length === b.length ? a > b : a.length > b.length;
}
