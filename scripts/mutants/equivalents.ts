import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Mutant } from './rules/mutants-of.ts';

const Equivalent = z.strictObject({
  file: z.string(),
  /** The changed lines before and after, as a report shows them. */
  code: z.string(),
  becomes: z.string(),
  /** Why nobody can see the difference. */
  why: z.string().min(1),
});

/** A mutant that does the same as the product, so that no test can name it. */
export type Equivalent = z.infer<typeof Equivalent>;

/** The list of a project; empty if it has none. Throws `ZodError` if the list is not valid. */
export function readEquivalents(root: string): readonly Equivalent[] {
  const file = join(root, 'scripts', 'mutants', 'equivalents.yaml');
  if (!existsSync(file)) return [];
  return z.array(Equivalent).parse(parse(readFileSync(file, 'utf8')));
}

/** Whether an entry of the list is about this mutant. */
export function isListed(mutant: Mutant, { file, code, becomes }: Equivalent): boolean {
  return mutant.file === file && same(mutant.code, code) && same(mutant.becomes, becomes);
}

function same(one: string, other: string): boolean {
  const words = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
  return words(one) === words(other);
}
