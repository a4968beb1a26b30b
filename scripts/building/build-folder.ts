import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './build-state.ts';
import { waitForLock } from '../processes/process-lock.ts';

const CACHE = join(ROOT, 'node_modules', '.cache');
/** As deep in the project as `functions/`: the compile cache names modules by their path relative to it. */
const PREFIX = '.build-';

/**
 * Calls `action` with an empty folder in the project, which is deleted afterwards; one call at a time on this machine.
 */
export async function inBuildFolder(action: (folder: string) => Promise<void>): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const lock = await waitForLock(join(CACHE, 'build.lock'));
  try {
    await removeFolders();
    await action(await mkdtemp(join(ROOT, PREFIX)));
  } finally {
    await removeFolders();
    lock.release();
  }
}

/** Only the holder of the lock builds; other folders belong to builds that were killed. */
async function removeFolders(): Promise<void> {
  for (const name of await readdir(ROOT)) {
    if (name.startsWith(PREFIX)) await rm(join(ROOT, name), { recursive: true, force: true });
  }
}
