/**
 * The documents port: everything we keep, on either database.
 *
 * A document is a map of values under a path `collection/id` (or `collection/id/collection/id`). Values are JSON and
 * instants (`Date`, millisecond precision). What Firestore refuses is refused here on every database, before sending:
 * `undefined`, functions, class instances, `NaN`-free numbers only, arrays directly inside arrays, more than 20 levels,
 * more than 1 MiB, empty or `__reserved__` names. Both adapters pass one contract suite.
 */
export type DocumentValue =
  null | boolean | number | string | Date | readonly DocumentValue[] | { readonly [field: string]: DocumentValue };

/** The fields of a document. */
export type DocumentData = { readonly [field: string]: DocumentValue };

/** An opaque token of one version of a document; equal tokens mean the same version. */
export type UpdateTime = string;

/** A document as it was read. */
export interface StoredDocument {
  readonly path: string;
  readonly id: string;
  readonly data: DocumentData;
  readonly updateTime: UpdateTime;
  /** When the database wrote this version, by the database's own clock. */
  readonly updatedAt: Date;
  /** When the database read it, by the same clock: the two may be subtracted, whatever our own clock says. */
  readonly readAt: Date;
}

/** Stands for "remove this field" in an update. */
export const DELETE_FIELD: unique symbol = Symbol('delete field');

/** One changed field, named by the segments of its path, so that any key may be used as a segment. */
export interface FieldChange {
  readonly field: readonly string[];
  readonly value: DocumentValue | typeof DELETE_FIELD;
}

/** One changed field of a merge: as in an update, or a number that is added to what is there (0 where there is none). */
export type MergeChange = FieldChange | { readonly field: readonly string[]; readonly increment: number };

/**
 * One write of a commit. `create` refuses a document that exists, `update` one that does not; `set` replaces, `delete`
 * needs none. `merge` makes the document where there is none and then changes only the named fields. A commit may be
 * repeated underneath us after its answer was lost, so increments belong only beside a write that fails the second time.
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

/** One condition; several hold together. */
export interface Where {
  /** A dotted path into the document. */
  readonly field: string;
  readonly op: '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'array-contains';
  readonly value: DocumentValue;
}

/** One field that the answer is ordered by. */
export interface OrderBy {
  readonly field: string;
  readonly direction: 'asc' | 'desc';
}

/** As in Firestore: a document without the field it is ordered or filtered by is not in the answer. Ties: by id. */
export interface Query {
  readonly collection: string;
  readonly where?: readonly Where[];
  readonly orderBy?: readonly OrderBy[];
  readonly limit?: number;
  /** The last document of the page before: its values of the `orderBy` fields, then its id. */
  readonly startAfter?: { readonly values: readonly DocumentValue[]; readonly id: string };
  /** Names of top-level fields; only these are read. All, unless given. A document that has none of them is in the answer all the same. */
  readonly select?: readonly string[];
}

/** How long one call may take, in milliseconds. */
export interface TimeLimit {
  readonly timeoutMs: number;
}

/**
 * A database. Every method throws `DocumentsError`: `invalid` before anything is sent, `denied`, `unavailable`. A call ends
 * with `unavailable` when its limit is over, 10 s unless the caller says less (on SQLite 5 s of waiting for other processes,
 * or less); with a limit of 0 or less nothing is sent at all.
 */
export interface Documents {
  get(path: string, limit?: TimeLimit): Promise<StoredDocument | undefined>;
  /**
   * Applies all writes or none. Resolves to the update time that every changed document has now; Firestore lets a
   * document keep its older one when a write changes nothing in it.
   * Throws `DocumentsError`: `already_exists` (create), `not_found` (update), `conflict` (`ifUpdateTime` does not hold,
   * also because the document is gone),
   * `invalid` (refused before sending; also a commit over 3.5 MiB), `denied`, `unavailable` (out of reach or too slow: unless
   * `mayBeApplied` is false the writes MAY have been applied, so read back before repeating what is not idempotent).
   */
  commit(writes: readonly Write[], limit?: TimeLimit): Promise<UpdateTime>;
  query(query: Query): Promise<readonly StoredDocument[]>;
  /** Counts, and sums the named numeric fields (a document without one adds 0), in the database. */
  aggregate(
    query: Query,
    sums?: readonly string[],
  ): Promise<{ readonly count: number; readonly sums: Readonly<Record<string, number>> }>;
  /**
   * Calls `next` with the answer now and after each change, until the returned function is called. A connection that dies,
   * also silently, is replaced underneath: `next` then gets the answer of that moment, also when it is the one it knows.
   * `failed` is called at most once, where that cannot help; nothing follows it.
   */
  watch(
    query: Query,
    next: (documents: readonly StoredDocument[]) => void,
    failed: (error: DocumentsError) => void,
  ): () => void;
  /** Waits for what is under way and closes the connection. */
  close(): Promise<void>;
}

/** The closed list of what a database can say instead of an answer. */
export type DocumentsErrorCode = 'already_exists' | 'not_found' | 'conflict' | 'invalid' | 'denied' | 'unavailable';

/** The error of the documents port: a code for machines, a sentence for people, the cause for the log. */
export class DocumentsError extends Error {
  readonly code: DocumentsErrorCode;
  /** Whether the writes of the commit that threw it may have been applied, or may yet be: only ever with `unavailable`. */
  readonly mayBeApplied: boolean;

  constructor(code: DocumentsErrorCode, message: string, options: { cause?: unknown; mayBeApplied?: boolean } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : {});
    this.name = 'DocumentsError';
    this.code = code;
    this.mayBeApplied = code === 'unavailable' && (options.mayBeApplied ?? true);
  }
}
