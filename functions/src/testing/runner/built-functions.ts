import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const run = promisify(execFile);

/** The functions as they are deployed, built from the source as it is now. */
export interface BuiltFunctions {
  /** What the Functions Framework takes as its source. */
  readonly source: string;
  remove(): void;
}

/** Builds as `npm run build` does, into a folder of its own: tests that run at the same time do not meet. */
export async function buildFunctions(): Promise<BuiltFunctions> {
  const cache = join(ROOT, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  // Inside of the project, so that what stays outside of the bundle is found.
  const source = mkdtempSync(join(cache, 'functions-'));
  await run(process.execPath, [join(ROOT, 'scripts', 'commands', 'build.ts'), '--out', source]);
  return { source, remove: () => rmSync(source, { recursive: true, force: true }) };
}
