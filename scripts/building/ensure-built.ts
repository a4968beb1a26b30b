import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { PlaybookError } from '#core/failure.ts';
import { isCurrent, ROOT } from './build-state.ts';

/**
 * Builds functions and console unless `functions/lib` and `console/dist` exist and are newer than every source;
 * concurrent calls build once. Throws `internal` with the build's output if it fails.
 */
export async function ensureBuilt(): Promise<void> {
  if (await isCurrent()) return;
  const argv = [join(ROOT, 'scripts', 'commands', 'build.ts'), '--if-stale'];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += String(chunk)));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (status !== 0) throw new PlaybookError('internal', `Functions and console could not be built:\n${printed.trim()}`);
}
