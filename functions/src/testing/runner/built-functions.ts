import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const run = promisify(execFile);

/** The functions as deployed, built from the current source. */
export interface BuiltFunctions {
  /** The source folder for the Functions Framework. */
  readonly source: string;
  remove(): void;
}

/** Builds like `npm run build`, but into a separate folder, so that parallel tests do not interfere. */
export async function buildFunctions(): Promise<BuiltFunctions> {
  const cache = join(ROOT, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  // Inside the project, so that packages outside the bundle are found.
  const source = mkdtempSync(join(cache, 'functions-'));
  await run(process.execPath, [join(ROOT, 'scripts', 'commands', 'build.ts'), '--out', source]);
  return { source, remove: () => rmSync(source, { recursive: true, force: true }) };
}
