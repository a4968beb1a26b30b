import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { describe, expect, test } from 'vitest';
import { type Kind, KINDS } from './mutation.ts';
import { mutantsOf, planted } from './mutants-of.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** What these kinds of bugs make of a text. */
function changes(text: string, ...kinds: readonly Kind[]): readonly string[] {
  return mutantsOf('a.ts', text)
    .filter(({ kind }) => kinds.includes(kind))
    .map((mutant) => planted(text, [mutant]));
}

describe('a bug in what is decided', () => {
  test.each([
    ['a < b', 'a <= b'],
    ['a <= b', 'a < b'],
    ['a > b', 'a >= b'],
    ['a >= b', 'a > b'],
  ])('moves the boundary of %s', (text, changed) => {
    expect(changes(text, 'boundary')).toEqual([changed]);
  });

  test.each([
    ['if (a) b(); else c();', 'if (!(a)) b(); else c();'],
    ['if (!a) b();', 'if (a) b();'],
    ['if (a === b) c();', 'if (a !== b) c();'],
    ['x = a !== b;', 'x = a === b;'],
  ])('negates the condition of %s once', (text, changed) => {
    expect(changes(text, 'negation')).toEqual([changed]);
  });

  test('removes an if without an else, together with what it guards', () => {
    expect(changes('if (a) throw b; c();', 'guard')).toEqual(['{} c();']);
    expect(changes('if (a) b(); else c();', 'guard')).toEqual([]);
  });

  test('leaves out either side of && and ||, or exchanges them', () => {
    expect(changes('a && b', 'logic')).toEqual(['a', 'b', 'a || b']);
    expect(changes('a || b', 'logic')).toEqual(['a', 'b', 'a && b']);
  });

  test('leaves out either side of ??', () => {
    expect(changes('a ?? b', 'fallback')).toEqual(['a', 'b']);
  });

  test('exchanges the sides of a ternary', () => {
    expect(changes('a ? b : c', 'swap')).toEqual(['a ? c : b']);
  });
});

describe('a bug in what is done', () => {
  test.each([
    ['a(); b = 1;', ['{} b = 1;', 'a(); {}']],
    ['await a();', ['{}']],
    ['void a();', ['{}']],
    ['a?.b();', ['{}']],
    ['count++;', []],
    ["'use strict';", []],
  ])('removes a call or an assignment from %s', (text, expected) => {
    expect(changes(text, 'call')).toEqual(expected);
  });

  test('forgets an await', () => {
    expect(changes('const a = await b();', 'await')).toEqual(['const a = b();']);
  });

  test('returns early from a function that returns nothing', () => {
    expect(changes('function f() { a(); b(); c(); }', 'early')).toEqual(['function f() { a(); return; b(); c(); }']);
    expect(changes('function f() { a(); b(); return 1; }', 'early')).toEqual([]);
    expect(changes('function f() { a(); b(() => { return 1; }); c(); }', 'early')).toHaveLength(1);
  });

  test('ends a loop after its first round', () => {
    expect(changes('for (const a of b) { c(a); }', 'early')).toEqual(['for (const a of b) { c(a); break; }']);
    expect(changes('for (const a of b) { if (a) continue; throw a; }', 'early')).toEqual([]);
  });

  test.each([
    ['try { a(); } catch { b(); }', ['try { a(); } catch (thrown) { throw thrown; b(); }']],
    ['try { a(); } catch (e) { b(e); }', ['try { a(); } catch (e) { throw e; b(e); }']],
    ['try { a(); } catch (e) { throw b(e); }', []],
    ['try { a(); } finally { b(); }', ['try { a(); } finally {}']],
    ['a().catch(b)', ['a()']],
  ])('does not handle an error: %s', (text, expected) => {
    expect(changes(text, 'catch')).toEqual(expected);
  });

  test('calls without a guard', () => {
    expect(changes('a?.b; c?.[d]; e?.();', 'chain')).toEqual([
      'a.b; c?.[d]; e?.();',
      'a?.b; c[d]; e?.();',
      'a?.b; c?.[d]; e();',
    ]);
  });

  test.each([
    ['a.every(b)', 'a.some(b)'],
    ['a.find(b)', 'a.findLast(b)'],
    ['a.filter(b).length', 'a.length'],
    ['Math.min(a, b)', 'Math.max(a, b)'],
    ['a.toSorted()', 'a'],
  ])('calls a similar method, or none, in place of %s', (text, changed) => {
    expect(changes(text, 'method')).toEqual([changed]);
  });
});

describe('a bug in a value', () => {
  test('makes a number one too high', () => {
    expect(changes('a(0, 7);', 'number')).toEqual(['a(1, 7);', 'a(0, 8);']);
  });

  test.each([
    ['const LIMIT_MS = 30_000;', 'const LIMIT_MS = 30;'],
    ['f({ timeoutMs: 250 });', 'f({ timeoutMs: 250000 });'],
    ['const WINDOW_DAYS = 7 as const;', 'const WINDOW_DAYS = 7000 as const;'],
    ['function f(leaseSeconds = 60) {}', 'function f(leaseSeconds = 60000) {}'],
  ])('takes seconds for milliseconds: %s', (text, changed) => {
    expect(changes(text, 'time', 'number')).toEqual([changed]);
  });

  test('empties a text, unless it is a sentence or the name of a field', () => {
    expect(changes("a('b'); c({ 'd-e': 'it is so' });", 'text')).toEqual(["a(''); c({ 'd-e': 'it is so' });"]);
  });

  test('turns true into false', () => {
    expect(changes('a(true); b(false);', 'boolean')).toEqual(['a(false); b(false);', 'a(true); b(true);']);
  });

  test('leaves out an element or a field', () => {
    expect(changes('[a, ...b]', 'element')).toEqual(['[...b]', '[a]']);
    expect(changes('f({ a: 1, b, });', 'element')).toEqual(['f({ b, });', 'f({ a: 1 });']);
    expect(changes('[a]', 'element')).toEqual(['[]']);
  });

  test('subtracts what is added, but not texts', () => {
    expect(changes('a + b; c * d; e += 1;', 'arithmetic')).toEqual([
      'a - b; c * d; e += 1;',
      'a + b; c / d; e += 1;',
      'a + b; c * d; e -= 1;',
    ]);
    expect(changes("a + 'x'; `y` + b; 'v' + c + d; e += 'z';", 'arithmetic')).toEqual([]);
  });
});

describe('no bug is planted', () => {
  test.each([
    ['in a type', "type A = 'b' | 1; const c: Record<'d', 2> = e;"],
    ['in an import or an export', "import { a } from './a.ts'; export * from './b.ts'; export { c } from './c.ts';"],
    ['in the class of an element', 'const a = <p class="b" />;'],
  ])('%s', (_, text) => {
    expect(mutantsOf('a.tsx', text)).toEqual([]);
  });
});

describe('a mutant', () => {
  const text = 'function f() {\n  if (a) {\n    b();\n  }\n}\n';

  test('knows its line, and the changed lines before and after', () => {
    const guard = mutantsOf('core/f.ts', text).find(({ kind }) => kind === 'guard');

    expect(guard).toMatchObject({ file: 'core/f.ts', line: 2, code: 'if (a) {\n  b();\n}', becomes: '{}' });
  });

  test('is planted together with others of the same file', () => {
    const chosen = mutantsOf('f.ts', text).filter(({ kind }) => kind === 'negation' || kind === 'call');

    expect(planted(text, chosen)).toBe('function f() {\n  if (!(a)) {\n    {}\n  }\n}\n');
  });

  test('of a text that is not valid is refused', () => {
    expect(() => mutantsOf('broken.ts', 'if (')).toThrow(/^broken\.ts: /);
  });
});

test('Every bug in real code is valid TypeScript, and every kind is found', () => {
  const files = ['engine/claim/claim.ts', 'core/nearest.ts', 'adapters/sqlite/connection.ts', 'http/runner.ts'];
  const found = new Set<Kind>();
  for (const file of files) {
    const text = readFileSync(join(ROOT, 'functions', 'src', file), 'utf8');
    for (const mutant of mutantsOf(file, text)) {
      found.add(mutant.kind);
      expect(parseSync(file, planted(text, [mutant])).errors, `${file}:${mutant.line} ${mutant.becomes}`).toEqual([]);
    }
  }
  expect(found.size).toBeGreaterThan(Object.keys(KINDS).length / 2);
});
