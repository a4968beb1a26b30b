import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { PlaybookError } from '#core/failure.ts';

/** A file with definitions, as it was read. */
export interface TextFile {
  /** As it is shown: relative to the current directory. */
  readonly file: string;
  /** The name without `.yaml`. */
  readonly stem: string;
  readonly text: string;
  /** Where in the text the first byte stands that is no UTF-8; -1 where there is none. */
  readonly invalidAt: number;
}

/**
 * Every YAML file of a directory, by name; none where there is no directory `agents`. Rejects where the directory or a file
 * cannot be read.
 */
export async function yamlFiles(directory: string): Promise<readonly TextFile[]> {
  const names = await readdir(directory).catch((error: unknown) => {
    if (isMissing(error) && basename(directory) === 'agents') return [];
    throw error;
  });
  const yaml = names.filter((name) => /\.ya?ml$/.test(name)).toSorted();
  return Promise.all(yaml.map((name) => textFile(join(directory, name))));
}

/** One file. Rejects with the system's own error where it is missing, and with `unconfigured` where it cannot be read. */
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

/** What is no UTF-8 is read as U+FFFD; a file may also hold that character itself. */
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

/** A path as people type it: relative where it lies below the current directory. */
export function shownPath(path: string): string {
  const fromHere = relative('.', path);
  return fromHere.startsWith('..') ? path : fromHere;
}

/** Whether this is the system's way to say that a file or a directory is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
