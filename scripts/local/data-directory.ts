import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PlaybookError } from '#core/failure.ts';
import { holderOf, takeLock, type ProcessLock } from '../processes/process-lock.ts';

const SECRET_FILE = 'cron-secret';
const ENVIRONMENT_FILE = 'env.sh';
const LOCK_FILE = 'npm-start.lock';

/** Creates the directory for everything that must survive a restart. Throws `unavailable` if that is not possible. */
export async function makeDataDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PlaybookError(
      'unavailable',
      `The data directory ${directory} cannot be created: ${reason}. Choose another with --data DIR.`,
      { cause },
    );
  }
}

/**
 * Creates the directory, and makes this process its only `npm start` until it ends or releases the lock. Throws
 * `unavailable` if another one is running, whose settings would be overwritten, and what `makeDataDirectory` throws.
 */
export async function claimDataDirectory(directory: string): Promise<ProcessLock> {
  await makeDataDirectory(directory);
  const file = join(directory, LOCK_FILE);
  const lock = takeLock(file);
  if (lock !== undefined) return lock;
  const pid = await holderOf(file);
  throw new PlaybookError(
    'unavailable',
    `npm start is already running on ${directory}${pid === undefined ? '' : `, as process ${pid}`}. ` +
      'End it with Ctrl-C first, or use another directory: npm start -- --data DIR.',
  );
}

/** The secret for calling the local runner: created once, in a file that only its owner may read. */
export async function localCronSecret(directory: string): Promise<string> {
  const file = join(directory, SECRET_FILE);
  try {
    // Fails if the file exists, so that concurrent starts all use the secret of the first.
    await writeFile(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  await chmod(file, 0o600);
  const secret = (await readFile(file, 'utf8')).trim();
  if (secret !== '') return secret;
  throw new PlaybookError('unconfigured', `${file} is empty. Delete it; the next start creates a new secret.`);
}

/**
 * Stores the settings of the running demo for other terminals, which read them with `source`. They must contain no
 * secret.
 */
export async function keepEnvironment(directory: string, env: Readonly<Record<string, string>>): Promise<string> {
  const file = join(directory, ENVIRONMENT_FILE);
  const lines = Object.entries(env).map(
    ([name, value]) => `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'`,
  );
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}
