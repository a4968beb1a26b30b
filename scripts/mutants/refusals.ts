import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Mutant, planted } from './rules/mutants-of.ts';
import { textIn, type Tree } from './lanes/tree-copy.ts';

const Report = z.object({
  diagnostics: z.array(z.object({ message: z.string(), code: z.string().catch(''), filename: z.string() })),
});
/** What is known from types. Other rules are about style, which the person who makes such a bug would keep to. */
const FROM_TYPES = /^typescript\((?!no-unused-vars|no-empty)/;
/** A name that is no longer used would be removed, too. */
const UNUSED = /TS(6133|6138|6192|6196|7027)\b/;

/**
 * What the type check, or a rule of the linter that needs types, has against mutants; it sees each as a file next to the original, in the copy of
 * the project at `root`. Nothing if the linter is not installed. Takes seconds, however many they are.
 */
export async function refusals(
  root: string,
  tree: Tree,
  mutants: readonly Mutant[],
): Promise<ReadonlyMap<Mutant, string>> {
  const program = join(root, 'node_modules', '.bin', 'oxlint');
  if (!existsSync(program) || mutants.length === 0) return new Map();
  const files = mutants.map(({ file }, index) => file.replace(/(\.tsx?)$/, `.bug-${index}$1`));
  mutants.forEach((mutant, index) => {
    writeFileSync(join(root, files[index] ?? ''), planted(textIn(tree, mutant.file), [mutant]));
  });
  const messages = messagesIn(await lint(program, root, files));
  for (const file of files) rmSync(join(root, file));
  return new Map(
    mutants.flatMap((mutant, index) => {
      const message = messages.get(files[index] ?? '');
      return message === undefined ? [] : [[mutant, message] as const];
    }),
  );
}

async function lint(program: string, root: string, files: readonly string[]): Promise<string> {
  const child = spawn(program, ['--type-aware', '--type-check', '--format', 'json', ...files], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let printed = '';
  child.stdout.on('data', (chunk) => (printed += String(chunk)));
  await once(child, 'close');
  return printed;
}

/** The first complaint about each file in a JSON report of the linter. */
export function messagesIn(report: string): ReadonlyMap<string, string> {
  const { diagnostics } = Report.parse(JSON.parse(report));
  const complaints = diagnostics.filter(({ code }) => FROM_TYPES.test(code) && !UNUSED.test(code));
  return new Map(complaints.toReversed().map(({ filename, code, message }) => [filename, `${code}: ${message}`]));
}
