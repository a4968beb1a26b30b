import { rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

const SQLITE_BUSY = 5;
const LOOK_AGAIN_MS = 50;
/** A connection that nothing refers to is closed, and its lock is gone with it. */
const held = new Set<DatabaseSync>();

/** A lock held by this process. */
export interface ProcessLock {
  release(): void;
}

/**
 * Takes the lock that a file represents; undefined while it is held, by another process or by this one. The file may be
 * left behind: the lock is SQLite's lock on it, which the system frees with the process, whatever ends the process.
 * `FILE.pid` next to it names the holder. Throws what the file system throws.
 */
export function takeLock(file: string): ProcessLock | undefined {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (thrown) {
    database.close();
    if (thrown instanceof Error && 'errcode' in thrown && thrown.errcode === SQLITE_BUSY) return undefined;
    throw thrown;
  }
  held.add(database);
  writeFileSync(`${file}.pid`, `${process.pid}\n`);
  return {
    release() {
      rmSync(`${file}.pid`, { force: true });
      held.delete(database);
      database.close();
    },
  };
}

/** Waits until the lock is free, and takes it. Throws like `takeLock`. */
export async function waitForLock(file: string): Promise<ProcessLock> {
  for (;;) {
    const lock = takeLock(file);
    if (lock !== undefined) return lock;
    await delay(LOOK_AGAIN_MS);
  }
}

/** The process that holds a lock that could not be taken; undefined if it has not written its id yet. */
export async function holderOf(file: string): Promise<number | undefined> {
  const text = await readFile(`${file}.pid`, 'utf8').catch(() => '');
  return /^\d+\n$/.test(text) ? Number(text) : undefined;
}
