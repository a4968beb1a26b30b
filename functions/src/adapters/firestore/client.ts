import type * as Admin from 'firebase-admin/firestore';

/** Where the database is and how to access it. */
export interface FirestoreOptions {
  /** The Firebase project; by default, that of the environment (`GOOGLE_CLOUD_PROJECT`, credentials, metadata). */
  readonly projectId?: string;
  readonly databaseId?: string;
  /** The limit of a call without its own, in milliseconds; 10,000 by default. */
  readonly timeoutMs?: number;
  /** REST instead of gRPC: see `firestoreDocuments`. */
  readonly preferRest?: boolean;
}

/** The connected client, and the SDK, whose classes values are created with. */
export interface Client {
  readonly db: Admin.Firestore;
  readonly sdk: typeof Admin;
  close(): Promise<void>;
}

/**
 * After 30 s of silence during a call or a watch, gRPC checks whether the other side is alive, and reconnects without
 * an answer within 5 s; otherwise it would keep a dead connection until the kernel gives up. Google's servers treat
 * more frequent pings, and those of idle connections, as abuse. Faster detection, and the case of a frozen process, are
 * up to `connections.ts`.
 */
const KEEPALIVE = { 'grpc.keepalive_time_ms': 30_000, 'grpc.keepalive_timeout_ms': 5_000 };

/**
 * Over REST, the server is asked to close each connection: the SDK shares them among all its clients, including dead
 * ones, so that a new client would reuse those of the previous one. (The emulator keeps them anyway.)
 */
const UNKEPT = { customHeaders: { connection: 'close' } };

let clientsMade = 0;

/**
 * Loads the SDK and connects. Loading the SDK takes 150 ms, so it is imported here and not at the top: requests that
 * need no database avoid it.
 */
export async function connect(options: FirestoreOptions): Promise<Client> {
  const [{ initializeApp, deleteApp }, sdk] = await Promise.all([
    import('firebase-admin/app'),
    import('firebase-admin/firestore'),
  ]);
  clientsMade += 1;
  // Named, so that the default app remains available to embedding code.
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
