import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The folder of the project. */
export const ROOT = join(import.meta.dirname, '..', '..');
/** What runs in Cloud Functions. */
export const BUILT_FUNCTIONS = join(ROOT, 'functions', 'lib');
/** What runs in App Hosting. */
export const BUILT_CONSOLE = join(ROOT, 'console', 'dist');

const BUILT = [
  ...['index.js', 'serving.js', 'deployment.js'].map((name) => join(BUILT_FUNCTIONS, name)),
  ...['server.js', 'assets/client.js', 'assets/style.css'].map((name) => join(BUILT_CONSOLE, name)),
];
const SOURCES = [join(ROOT, 'functions', 'src'), join(ROOT, 'console', 'src')];
const BUILDERS = ['commands/build.ts', 'building/build-console.ts'].map((name) => join(ROOT, 'scripts', name));

/** Whether functions and console are built from the current sources. */
export async function isCurrent(): Promise<boolean> {
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
