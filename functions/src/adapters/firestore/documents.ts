import { parseDocumentPath } from '../../ports/document-path.ts';
import { checkAggregate, checkQuery } from '../../ports/document-query.ts';
import { checkWrites } from '../../ports/document-writes.ts';
import { DocumentsError } from '../../ports/documents.ts';
import type { Documents } from '../../ports/documents.ts';
import { addWrite } from './add-write.ts';
import { connect } from './client.ts';
import type { Client, FirestoreOptions } from './client.ts';
import { asDocumentsError } from './failure.ts';
import type { Operation } from './failure.ts';
import { matchingQuery, pagedQuery } from './firestore-query.ts';
import { asUpdateTime, storedDocument } from './values.ts';

const TIMEOUT_MS = 10_000;

/**
 * The documents port on Firestore, or on its emulator where `FIRESTORE_EMULATOR_HOST` is set. The SDK is loaded and the
 * connection made by the first call.
 *
 * gRPC unless `preferRest`: REST starts 7 % faster in a cold process, but every write in a warm one takes 1.7 times as
 * long, and an execution makes many. It is said explicitly because the Firebase CLI turns REST on for deployed functions.
 *
 * Every call ends within `timeoutMs` with `unavailable`, because the SDK itself goes on for up to ten minutes. After
 * that, and after any broken connection, a commit may have been applied; the SDK repeats a commit whose answer was lost,
 * so that its own success may come back as `already_exists` or `conflict`. Whoever writes must read back.
 */
export function firestoreDocuments(options: FirestoreOptions = {}): Documents {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const underWay = new Set<Promise<unknown>>();
  let connected: Promise<Client> | undefined;

  async function call<Result>(
    operation: Operation,
    what: string,
    action: (client: Client) => Promise<Result>,
  ): Promise<Result> {
    connected ??= connect(options).catch((error: unknown) => {
      connected = undefined;
      throw error;
    });
    const result = connected.then(action);
    const forget = (): boolean => underWay.delete(result);
    underWay.add(result);
    result.then(forget, forget);
    try {
      return await within(timeoutMs, result);
    } catch (error) {
      throw asDocumentsError(error, operation, what);
    }
  }

  return {
    async get(path) {
      parseDocumentPath(path);
      return call('read', `reading ${path}`, async ({ db, sdk }) => {
        const snapshot = await db.doc(path).get();
        const { updateTime, readTime } = snapshot;
        return updateTime === undefined ? undefined : storedDocument(snapshot, updateTime, readTime, sdk);
      });
    },
    async commit(writes) {
      checkWrites(writes);
      return call('commit', `writing ${writes.map(({ path }) => path).join(', ')}`, async (client) => {
        const batch = client.db.batch();
        for (const write of writes) addWrite(batch, write, client);
        const results = await batch.commit();
        // A write that changes nothing keeps its document's older time; the latest one is that of this commit.
        return results.map(({ writeTime }) => asUpdateTime(writeTime)).reduce((a, b) => (later(a, b) ? a : b));
      });
    },
    async query(query) {
      const checked = checkQuery(query);
      return call('read', `the query of ${query.collection}`, async (client) => {
        const { docs, readTime } = await pagedQuery(checked, client).get();
        return docs.map((snapshot) => storedDocument(snapshot, snapshot.updateTime, readTime, client.sdk));
      });
    },
    async aggregate(query, sums = []) {
      const checked = checkAggregate(query, sums);
      return call('read', `counting in ${query.collection}`, async (client) => {
        const matching = matchingQuery(checked.query, client);
        const { AggregateField, FieldPath } = client.sdk;
        // Asked separately, because one request for several fields leaves out the documents that lack any of them.
        const [count, ...totals] = await Promise.all([
          pagedQuery(checked.query, client).count().get(),
          ...checked.fields.map((field) =>
            matching.aggregate({ sum: AggregateField.sum(new FieldPath(...field)) }).get(),
          ),
        ]);
        const entries = sums.map((field, index) => [field, totals[index]?.data().sum ?? 0] as const);
        return { count: count.data().count, sums: Object.fromEntries(entries) };
      });
    },
    watch(query, next, failed) {
      const checked = checkQuery(query);
      const what = `watching ${query.collection}`;
      let stopped = false;
      let unsubscribe = (): void => undefined;

      function fail(error: unknown): void {
        if (!stopped) failed(asDocumentsError(error, 'read', what));
      }

      call('read', what, async (client) => {
        if (stopped) return;
        unsubscribe = pagedQuery(checked, client).onSnapshot(({ docs, readTime }) => {
          if (stopped) return;
          next(docs.map((snapshot) => storedDocument(snapshot, snapshot.updateTime, readTime, client.sdk)));
        }, fail);
      }).catch(fail);

      return () => {
        stopped = true;
        unsubscribe();
      };
    },
    async close() {
      const client = await connected;
      if (client === undefined) return;
      // The SDK crashes the process when it is terminated while it repeats a call that we have given up. So it is
      // terminated when all calls have ended; nobody waits for that longer than for a call.
      const closed = Promise.allSettled(underWay).then(() => client.close());
      await within(timeoutMs, closed).catch(() => undefined);
    },
  };
}

async function within<Result>(timeoutMs: number, result: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new DocumentsError('unavailable', `Firestore did not answer within ${timeoutMs} ms.`));
    }, timeoutMs);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}

function later(a: string, b: string): boolean {
  return a.length === b.length ? a > b : a.length > b.length;
}
