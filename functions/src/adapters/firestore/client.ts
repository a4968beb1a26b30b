import type * as Admin from 'firebase-admin/firestore';

/** Where the database is and how it is reached. */
export interface FirestoreOptions {
  /** The Firebase project; without it the one of the environment (`GOOGLE_CLOUD_PROJECT`, credentials, metadata). */
  readonly projectId?: string;
  readonly databaseId?: string;
  /** The most that one call may take, in milliseconds; 10,000 unless said otherwise. */
  readonly timeoutMs?: number;
  /** REST instead of gRPC: see `firestoreDocuments`. */
  readonly preferRest?: boolean;
}

/** The connected client, and the classes of the SDK that values are made with. */
export interface Client {
  readonly db: Admin.Firestore;
  readonly sdk: typeof Admin;
  close(): Promise<void>;
}

let clientsMade = 0;

/**
 * Loads the SDK and connects. The SDK costs 150 ms to load, so it is imported here and not at the top: a request that
 * needs no database does not pay for it.
 */
export async function connect(options: FirestoreOptions): Promise<Client> {
  const [{ initializeApp, deleteApp }, sdk] = await Promise.all([
    import('firebase-admin/app'),
    import('firebase-admin/firestore'),
  ]);
  clientsMade += 1;
  // Named, so that the default app stays free for whoever embeds us.
  const app = initializeApp(
    options.projectId === undefined ? {} : { projectId: options.projectId },
    `playbooks-${clientsMade}`,
  );
  const settings = { preferRest: options.preferRest ?? false };
  const db =
    options.databaseId === undefined
      ? sdk.initializeFirestore(app, settings)
      : sdk.initializeFirestore(app, settings, options.databaseId);
  return {
    db,
    sdk,
    async close() {
      await db.terminate();
      await deleteApp(app);
    },
  };
}
