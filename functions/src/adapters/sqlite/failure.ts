import { DocumentsError } from '#ports/documents/documents.ts';

/** SQLite's plain result codes; extended ones keep them in their lowest byte (https://sqlite.org/rescode.html). */
const BUSY = 5;
/** The one extended code that means something else to a person than its plain one. */
const READONLY_DBMOVED = 1032;
const BYTE = 0xff;

/** What happened, and what a person may do about it. */
interface Explanation {
  readonly why: string;
  readonly advice: string;
  /** Whether a commit that ended like this may have been applied. */
  readonly mayBeApplied?: boolean;
}

const DELETED: Explanation = {
  why: 'the file was deleted, moved or replaced while it was open',
  advice: 'Restart this process; put the file back before that if it is to be kept.',
};
const DAMAGED = 'Move it away, and a new one is made; or name another.';
const NO_PERMISSION: Explanation = {
  why: 'this process may not write to it',
  advice: 'Give it the permission to write to the file and to its folder, or name another file.',
};
const FULL: Explanation = { why: 'the disk is full', advice: 'Free some space; what was written before is safe.' };

const BY_CODE: Readonly<Record<number, Explanation>> = {
  3: NO_PERMISSION, //  SQLITE_PERM
  6: { why: 'it is locked', advice: 'Try again.' }, // SQLITE_LOCKED
  7: { why: 'there is not enough memory', advice: 'Give this process more.' }, // SQLITE_NOMEM
  8: NO_PERMISSION, //  SQLITE_READONLY
  10: {
    //                  SQLITE_IOERR
    why: 'the disk cannot be read or written',
    advice: 'Look at the disk and at the log of the system.',
    mayBeApplied: true,
  },
  11: { why: 'the file is damaged', advice: DAMAGED }, // SQLITE_CORRUPT
  13: FULL, //          SQLITE_FULL
  14: {
    //                  SQLITE_CANTOPEN
    why: 'the file or its folder cannot be reached or written',
    advice: 'Look whether its folder exists, and whether this process may read and write there.',
  },
  23: NO_PERMISSION, // SQLITE_AUTH
  26: { why: 'file is not a database', advice: DAMAGED }, // SQLITE_NOTADB
};

/** The same for the file system's own words, when the folder of a new file is made. */
const BY_NAME: Readonly<Record<string, Explanation>> = {
  EACCES: NO_PERMISSION,
  EPERM: NO_PERMISSION,
  EROFS: { why: 'the disk can only be read', advice: 'Name a file on another one.' },
  ENOSPC: FULL,
  EDQUOT: FULL,
  // Node's word for a folder on a disk that can only be read, too.
  ENOENT: { why: 'its folder cannot be made', advice: 'Look whether the path is right, and the disk can be written.' },
  ENOTDIR: { why: 'what should be its folder is a file', advice: 'Name another file.' },
  EEXIST: { why: 'what should be its folder is a file', advice: 'Name another file.' },
};

/** Whether another process holds the file at this moment. */
export function isBusy(error: unknown): boolean {
  return codeOf(error) === BUSY;
}

/**
 * What SQLite threw, as `unavailable`: which file, why, SQLite's own words, and what to do. Everything that SQLite did not
 * throw is returned as it is.
 */
export function asDocumentsError(error: unknown, file: string): unknown {
  if (codeOf(error) === undefined) return error;
  return explained(error, file, 'used');
}

/** What was thrown while the file was opened, likewise, whoever threw it. */
export function openFailure(error: unknown, file: string): DocumentsError {
  return error instanceof DocumentsError ? error : explained(error, file, 'opened');
}

/** Says that another process has held the file for so long that the caller does not wait any more. */
export function busyFor(waitedMs: number, file: string, cause: unknown): DocumentsError {
  const waited = waitedMs >= 1_000 ? `${Math.round(waitedMs / 1_000)} seconds` : `${Math.round(waitedMs)} ms`;
  return failure(
    file,
    'used',
    {
      why: `another process has kept it locked for ${waited}`,
      advice: 'Nothing was written. Try again; if it stays so, look for a process that hangs while it writes.',
    },
    cause,
  );
}

/** Says that the file is not the one that was opened. */
export function fileGone(file: string, mayBeApplied: boolean): DocumentsError {
  return failure(file, 'used', { ...DELETED, mayBeApplied }, undefined);
}

function explained(error: unknown, file: string, verb: 'used' | 'opened'): DocumentsError {
  const said = error instanceof Error ? error.message : String(error);
  const known = explanationOf(error);
  if (known === undefined) return failure(file, verb, { why: said, advice: '', mayBeApplied: true }, error);
  return failure(file, verb, said === known.why ? known : { ...known, why: `${known.why} (${said})` }, error);
}

function explanationOf(error: unknown): Explanation | undefined {
  const code = codeOf(error);
  if (code === BUSY) return { why: 'another process keeps it locked', advice: 'Try again when that has ended.' };
  if (code !== undefined) return extendedCodeOf(error) === READONLY_DBMOVED ? DELETED : BY_CODE[code];
  const name = error instanceof Error && 'code' in error ? String(error.code) : '';
  return BY_NAME[name];
}

function failure(
  file: string,
  verb: 'used' | 'opened',
  { why, advice, mayBeApplied = false }: Explanation,
  cause: unknown,
): DocumentsError {
  const message = `The database file ${file} cannot be ${verb}: ${why}. ${advice}`.trimEnd();
  return new DocumentsError('unavailable', message, cause === undefined ? { mayBeApplied } : { cause, mayBeApplied });
}

function codeOf(error: unknown): number | undefined {
  const code = extendedCodeOf(error);
  return code === undefined ? undefined : code & BYTE;
}

function extendedCodeOf(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) : undefined;
}
