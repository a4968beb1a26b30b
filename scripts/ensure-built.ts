import { spawn } from 'node:child_process';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PlaybookError } from '../functions/src/engine/failure.ts';

const ROOT = join(import.meta.dirname, '..');
const SOURCES = [join(ROOT, 'functions', 'src'), join(ROOT, 'console', 'src')];
const BUILT = [join(ROOT, 'functions', 'lib', 'index.js'), join(ROOT, 'console', 'dist', 'server.js')];
const BUILDERS = ['build.ts', 'build-console.ts'].map((name) => join(ROOT, 'scripts', name));
/** A folder, because making one is atomic: whoever makes it builds, everybody else waits. */
const LOCK = join(ROOT, 'functions', 'lib.lock');
/** A lock that is older belongs to a build that was killed. */
const LOCK_ENDS_AFTER_MS = 60_000;
const LOOK_AGAIN_MS = 100;

/**
 * Builds functions and console unless `functions/lib` and `console/dist` are there and newer than every source; several at once build once. Resolves to
 * whether this call has built. Throws `internal` with what the build printed when it fails.
 */
export async function ensureBuilt(): Promise<boolean> {
  if (await isCurrent()) return false;
  await takeLock();
  try {
    if (await isCurrent()) return false;
    await build();
    return true;
  } finally {
    await rm(LOCK, { recursive: true, force: true });
  }
}

async function isCurrent(): Promise<boolean> {
  const builtMs = await Promise.all(BUILT.map(changedMs));
  const sourceMs = await newestSourceMs();
  return builtMs.every((ms) => ms !== undefined && ms >= sourceMs);
}

async function newestSourceMs(): Promise<number> {
  const files = await Promise.all(SOURCES.map(sourceFiles));
  const all = [...files.flat(), join(ROOT, 'functions', 'package.json'), ...BUILDERS];
  const times = await Promise.all(all.map(changedMs));
  return Math.max(...times.map((time) => time ?? 0));
}

async function sourceFiles(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory, { recursive: true });
  return names
    .filter((name) => /\.(tsx?|css|svg)$/.test(name) && !/(\.test|\.contract)\.tsx?$|^testing\b/.test(name))
    .map((name) => join(directory, name));
}

async function changedMs(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}

async function takeLock(): Promise<void> {
  for (;;) {
    try {
      await mkdir(LOCK);
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const sinceMs = await changedMs(LOCK);
    if (sinceMs !== undefined && Date.now() - sinceMs > LOCK_ENDS_AFTER_MS) {
      await rm(LOCK, { recursive: true, force: true });
    } else {
      await delay(LOOK_AGAIN_MS);
    }
  }
}

async function build(): Promise<void> {
  const child = spawn(process.execPath, [join(ROOT, 'scripts', 'build.ts')], { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += String(chunk)));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (status !== 0) throw new PlaybookError('internal', `Functions and console could not be built:\n${printed.trim()}`);
}
