import type * as Admin from 'firebase-admin/firestore';

/** Where the database is and how it is reached. */
export interface FirestoreOptions {
  /** The Firebase project; without it the one of the environment (`GOOGLE_CLOUD_PROJECT`, credentials, metadata). */
  readonly projectId?: string;
  readonly databaseId?: string;
  /** The most that one call may take unless it says otherwise itself, in milliseconds; 10,000 unless said otherwise. */
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

/**
 * gRPC asks after 30 s of silence, while a call or a watch is open, whether the other side is still there, and reconnects
 * when it does not hear in 5 s; without this it would believe in a dead connection until the kernel gives up. Google's
 * servers take more frequent questions, and those of idle connections, for abuse. What is found out sooner, and what a
 * frozen process cannot ask, is up to `connections.ts`.
 */
const KEEPALIVE = { 'grpc.keepalive_time_ms': 30_000, 'grpc.keepalive_timeout_ms': 5_000 };

/**
 * Over REST the server is asked to keep no connection: the SDK keeps them for all of its clients together, dead ones too, so
 * that a new client would go on with those of the one before it. (The emulator keeps them all the same.)
 */
const UNKEPT = { customHeaders: { connection: 'close' } };

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
  db.settings({ grpcOptions: KEEPALIVE, ...(options.preferRest === true ? UNKEPT : {}) });
  return {
    db,
    sdk,
    async close() {
      await db.terminate();
      await deleteApp(app);
    },
  };
}
