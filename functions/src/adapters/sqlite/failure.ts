import { DocumentsError } from '#ports/documents/documents.ts';

/** SQLite's plain result codes; extended ones keep them in their lowest byte (https://sqlite.org/rescode.html). */
const BUSY = 5;
/** The only extended code whose meaning for people differs from its plain code. */
const READONLY_DBMOVED = 1032;
const BYTE = 0xff;

/** What happened, and what people can do about it. */
interface Explanation {
  readonly why: string;
  readonly advice: string;
  /** Whether a commit with this error may have been applied. */
  readonly mayBeApplied?: boolean;
}

const DELETED: Explanation = {
  why: 'the file was deleted, moved or replaced while it was open',
  advice: 'Restart this process; to keep the file, put it back first.',
};
const DAMAGED = 'Move it away, so that a new one is created, or set another file.';
const NO_PERMISSION: Explanation = {
  why: 'this process may not write to it',
  advice: 'Give it permission to write to the file and its folder, or set another file.',
};
const FULL: Explanation = { why: 'the disk is full', advice: 'Free some space; earlier writes are safe.' };

const BY_CODE: Readonly<Record<number, Explanation>> = {
  3: NO_PERMISSION, //  SQLITE_PERM
  6: { why: 'it is locked', advice: 'Try again.' }, // SQLITE_LOCKED
  7: { why: 'the memory is full', advice: 'Give this process more.' }, // SQLITE_NOMEM
  8: NO_PERMISSION, //  SQLITE_READONLY
  10: {
    //                  SQLITE_IOERR
    why: 'the disk cannot be read or written',
    advice: 'Check the disk and the system log.',
    mayBeApplied: true,
  },
  11: { why: 'the file is damaged', advice: DAMAGED }, // SQLITE_CORRUPT
  13: FULL, //          SQLITE_FULL
  14: {
    //                  SQLITE_CANTOPEN
    why: 'the file or its folder cannot be accessed or written',
    advice: 'Check that its folder exists, and that this process may read and write there.',
  },
  23: NO_PERMISSION, // SQLITE_AUTH
  26: { why: 'file is not a database', advice: DAMAGED }, // SQLITE_NOTADB
};

/** The same for file system errors when the folder of a new file is created. */
const BY_NAME: Readonly<Record<string, Explanation>> = {
  EACCES: NO_PERMISSION,
  EPERM: NO_PERMISSION,
  EROFS: { why: 'the disk is read-only', advice: 'Set a file on another disk.' },
  ENOSPC: FULL,
  EDQUOT: FULL,
  // Node also reports this for a folder on a read-only disk.
  ENOENT: { why: 'its folder cannot be created', advice: 'Check that the path is right and the disk is writable.' },
  ENOTDIR: { why: 'what should be its folder is a file', advice: 'Set another file.' },
  EEXIST: { why: 'what should be its folder is a file', advice: 'Set another file.' },
};

/** Whether another process has the file locked. */
export function isBusy(error: unknown): boolean {
  return codeOf(error) === BUSY;
}

/**
 * An SQLite error as `unavailable`: which file, why, SQLite's message, and what to do. Other errors are returned
 * unchanged.
 */
export function asDocumentsError(error: unknown, file: string): unknown {
  if (codeOf(error) === undefined) return error;
  return explained(error, file, 'used');
}

/** The same for any error while the file was opened. */
export function openFailure(error: unknown, file: string): DocumentsError {
  return error instanceof DocumentsError ? error : explained(error, file, 'opened');
}

/** The error if another process has locked the file for longer than the caller waits. */
export function busyFor(waitedMs: number, file: string, cause: unknown): DocumentsError {
  const waited = waitedMs >= 1_000 ? `${Math.round(waitedMs / 1_000)} seconds` : `${Math.round(waitedMs)} ms`;
  return failure(
    file,
    'used',
    {
      why: `another process has kept it locked for ${waited}`,
      advice: 'Nothing was written. Try again; if it persists, look for a process that hangs while writing.',
    },
    cause,
  );
}

/** The error if the file is no longer the one that was opened. */
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
  if (code === BUSY)
    return { why: 'another process keeps it locked', advice: 'Try again when that process has finished.' };
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
