/**
 * The documents port: everything we store, on either database.
 *
 * A document is a map of values under a path `collection/id` (or `collection/id/collection/id`). Values are JSON and
 * instants (`Date`, millisecond precision). Anything that Firestore refuses is refused on every database, before
 * sending: `undefined`, functions, class instances, `NaN`-free numbers only, arrays directly inside arrays, more than
 * 20 levels, more than 1 MiB, empty or `__reserved__` names. Both adapters pass one contract suite.
 */
export type DocumentValue =
  null | boolean | number | string | Date | readonly DocumentValue[] | { readonly [field: string]: DocumentValue };

/** The fields of a document. */
export type DocumentData = { readonly [field: string]: DocumentValue };

/** An opaque token of one version of a document; equal tokens mean the same version. */
export type UpdateTime = string;

/** A document as read. */
export interface StoredDocument {
  readonly path: string;
  readonly id: string;
  readonly data: DocumentData;
  readonly updateTime: UpdateTime;
  /** When the database wrote this version, by the database's clock. */
  readonly updatedAt: Date;
  /** When the database read it, by the same clock, so that the two can be subtracted whatever our own clock shows. */
  readonly readAt: Date;
}

/** Stands for "remove this field" in an update. */
export const DELETE_FIELD: unique symbol = Symbol('delete field');

/** One changed field, named by the segments of its path, so that any key may be used as a segment. */
export interface FieldChange {
  readonly field: readonly string[];
  readonly value: DocumentValue | typeof DELETE_FIELD;
}

/** One changed field of a merge: as in an update, or a number to add to the current value (0 if missing). */
export type MergeChange = FieldChange | { readonly field: readonly string[]; readonly increment: number };

/**
 * One write of a commit. `create` fails if the document exists, `update` if it does not; `set` replaces it, `delete`
 * does not require it. `merge` creates the document if necessary and changes only the named fields. The SDK may repeat
 * a commit whose answer was lost, so use increments only together with a write that fails the second time.
 */
export type Write =
  | { readonly kind: 'create'; readonly path: string; readonly data: DocumentData }
  | { readonly kind: 'set'; readonly path: string; readonly data: DocumentData }
  | {
      readonly kind: 'update';
      readonly path: string;
      readonly changes: readonly FieldChange[];
      readonly ifUpdateTime?: UpdateTime;
    }
  | { readonly kind: 'merge'; readonly path: string; readonly changes: readonly MergeChange[] }
  | { readonly kind: 'delete'; readonly path: string; readonly ifUpdateTime?: UpdateTime };

/** One condition; a document must meet all of them. */
export interface Where {
  /** A dotted path into the document. */
  readonly field: string;
  readonly op: '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'array-contains';
  readonly value: DocumentValue;
}

/** One field that the result is ordered by. */
export interface OrderBy {
  readonly field: string;
  readonly direction: 'asc' | 'desc';
}

/**
 * As in Firestore, documents without a field used for ordering or filtering are not in the result. Ties are ordered by
 * id.
 */
export interface Query {
  readonly collection: string;
  readonly where?: readonly Where[];
  readonly orderBy?: readonly OrderBy[];
  readonly limit?: number;
  /** The last document of the previous page: its values of the `orderBy` fields, then its id. */
  readonly startAfter?: { readonly values: readonly DocumentValue[]; readonly id: string };
  /** Names of top-level fields to read; all by default. Documents that have none of them are still in the result. */
  readonly select?: readonly string[];
}

/** How long one call may take, in milliseconds. */
export interface TimeLimit {
  readonly timeoutMs: number;
}

/**
 * A database. Every method throws `DocumentsError`: `invalid` before anything is sent, `denied`, `unavailable`. A call
 * ends with `unavailable` once its limit has passed: 10 s unless the caller sets less (on SQLite 5 s of waiting for
 * other processes, or less); with a limit of 0 or less, nothing is sent.
 */
export interface Documents {
  get(path: string, limit?: TimeLimit): Promise<StoredDocument | undefined>;
  /**
   * Applies all writes or none. Resolves to the new update time of every changed document; in Firestore, a document
   * keeps its older one if a write changes nothing in it. Throws `DocumentsError`: `already_exists` (create),
   * `not_found` (update), `conflict` (`ifUpdateTime` does not match, also because the document is gone), `invalid`
   * (refused before sending; also a commit over 3.5 MiB), `denied`, `unavailable` (unreachable or too slow: unless
   * `mayBeApplied` is false the writes MAY have been applied, so read back before repeating anything that is not
   * idempotent).
   */
  commit(writes: readonly Write[], limit?: TimeLimit): Promise<UpdateTime>;
  query(query: Query): Promise<readonly StoredDocument[]>;
  /** Counts, and sums the named numeric fields (a document without one adds 0), in the database. */
  aggregate(
    query: Query,
    sums?: readonly string[],
  ): Promise<{ readonly count: number; readonly sums: Readonly<Record<string, number>> }>;
  /**
   * Calls `next` with the result now and after each change, until the returned function is called. A connection that
   * dies, even silently, is replaced; `next` then gets the current result, even if it is unchanged. `failed` is called
   * at most once, if that cannot help; no calls follow it.
   */
  watch(
    query: Query,
    next: (documents: readonly StoredDocument[]) => void,
    failed: (error: DocumentsError) => void,
  ): () => void;
  /** Waits for pending work and closes the connection. */
  close(): Promise<void>;
}

/** The closed list of ways in which a database call can fail. */
export type DocumentsErrorCode = 'already_exists' | 'not_found' | 'conflict' | 'invalid' | 'denied' | 'unavailable';

/** The error of the documents port: a code for machines, a sentence for people, the cause for the log. */
export class DocumentsError extends Error {
  readonly code: DocumentsErrorCode;
  /** Whether the writes of the failed commit may have been, or may yet be, applied: true only with `unavailable`. */
  readonly mayBeApplied: boolean;

  constructor(code: DocumentsErrorCode, message: string, options: { cause?: unknown; mayBeApplied?: boolean } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : {});
    this.name = 'DocumentsError';
    this.code = code;
    this.mayBeApplied = code === 'unavailable' && (options.mayBeApplied ?? true);
  }
}
