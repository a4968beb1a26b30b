import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { PlaybookError } from '#core/failure.ts';

/** The contents of a definition file. */
export interface TextFile {
  /** The displayed path: relative to the current directory. */
  readonly file: string;
  /** The name without `.yaml`. */
  readonly stem: string;
  readonly text: string;
  /** The index in the text of the first byte that is not UTF-8; -1 if all are. */
  readonly invalidAt: number;
}

/**
 * Every YAML file of a directory, sorted by name; none if the directory `agents` does not exist. Rejects if the
 * directory or a file cannot be read.
 */
export async function yamlFiles(directory: string): Promise<readonly TextFile[]> {
  const names = await readdir(directory).catch((error: unknown) => {
    if (isMissing(error) && basename(directory) === 'agents') return [];
    throw error;
  });
  const yaml = names.filter((name) => /\.ya?ml$/.test(name)).toSorted();
  return Promise.all(yaml.map((name) => textFile(join(directory, name))));
}

/** One file. Rejects with the system error if it is missing, and with `unconfigured` if it cannot be read. */
export async function textFile(path: string): Promise<TextFile> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    if (isMissing(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PlaybookError('unconfigured', `The file ${shownPath(path)} cannot be read: ${reason}.`, { cause });
  });
  const text = bytes.toString('utf8');
  const stem = basename(path).replace(/\.ya?ml$/, '');
  return { file: shownPath(path), stem, text, invalidAt: invalidAt(text, bytes) };
}

/** Invalid UTF-8 is read as U+FFFD, but a file may also contain that character itself. */
function invalidAt(text: string, bytes: Buffer): number {
  const replacement = Buffer.from('\uFFFD');
  let byteAt = 0;
  let from = 0;
  for (let at = text.indexOf('\uFFFD'); at !== -1; at = text.indexOf('\uFFFD', from)) {
    byteAt += Buffer.byteLength(text.slice(from, at));
    if (!bytes.subarray(byteAt, byteAt + replacement.length).equals(replacement)) return at;
    byteAt += replacement.length;
    from = at + 1;
  }
  return -1;
}

/** A path for display: relative if it is below the current directory. */
export function shownPath(path: string): string {
  const fromHere = relative('.', path);
  return fromHere.startsWith('..') ? path : fromHere;
}

/** Whether this is a system error about a missing file or directory. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
