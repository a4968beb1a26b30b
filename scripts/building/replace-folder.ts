import { mkdir, readdir, rename, rm, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Moves the files of one folder into another, which then contains them and nothing else; both must be on one disk. Each
 * file is replaced atomically, so a concurrent reader finds every file that is in both folders, complete. Their age is
 * that of `asOf`.
 */
export async function replaceFolder(from: string, to: string, asOf: Date): Promise<void> {
  const fresh = await filesOf(from);
  for (const file of fresh) {
    await utimes(join(from, file), asOf, asOf);
    await mkdir(dirname(join(to, file)), { recursive: true });
    await rename(join(from, file), join(to, file));
  }
  const kept = new Set(fresh);
  for (const file of await filesOf(to)) {
    if (!kept.has(file)) await rm(join(to, file), { force: true });
  }
  await rm(from, { recursive: true, force: true });
}

async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
}
