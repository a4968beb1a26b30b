import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { holderOf, takeLock, waitForLock } from './process-lock.ts';

let folder: string;
let file: string;
const children = new Set<ChildProcess>();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
  file = join(folder, 'one.lock');
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Another process that holds the lock until it is killed. */
async function anotherHolder() {
  const module = join(import.meta.dirname, 'process-lock.ts');
  const program = `import(${JSON.stringify(module)}).then(({ takeLock }) => {
  console.log(takeLock(${JSON.stringify(file)}) === undefined ? 'refused' : 'taken');
  setInterval(() => {}, 1000);
});`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  const exit = once(child, 'exit');
  const [said] = await once(child.stdout, 'data');
  return {
    said: String(said).trim(),
    pid: child.pid,
    async kill() {
      child.kill('SIGKILL');
      await exit;
    },
  };
}

describe('a lock', () => {
  test('is held by one process, which it names', async () => {
    const other = await anotherHolder();
    expect([other.said, takeLock(file), await holderOf(file)]).toEqual(['taken', undefined, other.pid]);
    await other.kill();
  });

  test('is free when its holder was killed, whatever files remain', async () => {
    const other = await anotherHolder();
    await other.kill();
    const lock = takeLock(file);
    expect(lock).toBeDefined();
    expect(await holderOf(file)).toBe(process.pid);
    lock?.release();
  });

  test('is not given twice to one process, and is free after its release', async () => {
    const lock = takeLock(file);
    expect(takeLock(file)).toBeUndefined();
    lock?.release();
    expect(await holderOf(file)).toBeUndefined();
    takeLock(file)?.release();
  });

  test('is taken by a waiting process when its holder ends', async () => {
    const other = await anotherHolder();
    let taken = false;
    const waiting = waitForLock(file).then((lock) => {
      taken = true;
      return lock;
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(taken).toBe(false);
    await other.kill();
    (await waiting).release();
  });
});
