import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isListed, readEquivalents } from './equivalents.ts';
import { type Mutant, mutantsOf } from './rules/mutants-of.ts';

const ROOT = join(import.meta.dirname, '..', '..');

describe('an entry of the list of bugs that do the same as the product', () => {
  const mutant = mutantsOf('functions/src/a.ts', 'if (a)\n  b();').find(({ kind }) => kind === 'guard');
  const entry = { file: 'functions/src/a.ts', code: 'if (a) b();\n', becomes: '{}', why: 'x' };
  const found = (changes: Partial<Mutant>): boolean =>
    mutant !== undefined && isListed({ ...mutant, ...changes }, entry);

  test('is about one change of one code in one file, however it is indented', () => {
    expect(found({})).toBe(true);
    expect(found({ file: 'functions/src/b.ts' })).toBe(false);
    expect(found({ code: 'if (b) b();' })).toBe(false);
    expect(found({ becomes: '' })).toBe(false);
  });

  test.each(readEquivalents(ROOT).map((entry) => [entry.file, entry.code, entry] as const))(
    'is about code that exists: %s, %s',
    (file, _code, entry) => {
      const mutants = mutantsOf(file, readFileSync(join(ROOT, file), 'utf8'));

      expect(mutants.filter((mutant) => isListed(mutant, entry))).toHaveLength(1);
    },
  );
});
