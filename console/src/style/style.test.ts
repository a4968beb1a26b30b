import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const MAX_LINES = 200;
const MAX_DECLARATIONS = 25;
/** Two rules that say more than this in the same words are one rule with two selectors. */
const MAX_SHARED = 3;
const ROOT = join(import.meta.dirname, '..', '..', '..');

/** One block of declarations. */
interface Rule {
  readonly file: string;
  /** The media queries around it; empty where it always holds. */
  readonly condition: string;
  readonly selector: string;
  readonly declarations: readonly { readonly property: string; readonly value: string }[];
}

const files = globSync('**/*.css', { cwd: import.meta.dirname }).toSorted();
const textOf = (file: string): string => readFileSync(join(import.meta.dirname, file), 'utf8');
const rules = files.flatMap((file) => rulesOf(file, textOf(file).replaceAll(/\/\*[\s\S]*?\*\//g, ''), ''));
const at = ({ file, condition, selector }: Rule): string => `${file}: ${condition}${condition && ' '}${selector}`;

describe('the style of the console', () => {
  test('is in files of at most 200 lines', () => {
    expect(files.filter((file) => textOf(file).trimEnd().split('\n').length > MAX_LINES)).toEqual([]);
  });

  test('is in rules of at most 25 declarations, none of them empty', () => {
    const misfits = rules.filter(
      ({ declarations }) => declarations.length === 0 || declarations.length > MAX_DECLARATIONS,
    );

    expect(misfits.map(at)).toEqual([]);
  });

  test('is in index.css as a whole, every file once', () => {
    const imported = Array.from(textOf('index.css').matchAll(/@import '\.\/([^']+)';/g), ([, file = '']) => file);

    expect(imported.toSorted()).toEqual(files.filter((file) => file !== 'index.css'));
  });

  test('is written once: no two rules have more than three declarations in common', () => {
    const alike = rules.flatMap((one, index) =>
      rules
        .slice(index + 1)
        .filter((other) => other.condition === one.condition && shared(one, other) > MAX_SHARED)
        .map((other) => `${at(one)} ~ ${at(other)}`),
    );

    expect(alike).toEqual([]);
  });

  test('has its colours in tokens.css alone', () => {
    expect(rules.filter(({ file }) => file !== 'tokens.css').flatMap(coloursIn)).toEqual([]);
  });

  test('uses every token, and no other', () => {
    const defined = rules.flatMap(({ declarations }) =>
      declarations.map(({ property }) => property).filter((property) => property.startsWith('--')),
    );
    const used = rules.flatMap(({ declarations }) =>
      declarations.flatMap(({ value }) => Array.from(value.matchAll(/var\((--[\w-]+)\)/g), ([, name = '']) => name)),
    );

    expect(defined.toSorted()).toEqual([...new Set(used)].toSorted());
  });

  test('insists only where a card is a grid, and for those who want no motion', () => {
    const insistent = rules.flatMap((rule) =>
      rule.declarations
        .filter(({ value }) => value.endsWith('!important'))
        .map(({ property }) => `${rule.selector.replaceAll(/\s+/g, ' ')}: ${property}`),
    );

    expect(insistent).toEqual([
      '*, ::view-transition-group(*): animation',
      '*, ::view-transition-group(*): transition',
      '.need: display',
      '.stack-tight: display',
    ]);
  });

  test('is for classes that the console writes', () => {
    const isWritten = writtenClasses();
    const unused = rules.flatMap((rule) =>
      Array.from(rule.selector.matchAll(/\.([a-z][\w-]*)/gi), ([, name = '']) => name)
        .filter((name) => !isWritten(name))
        .map((name) => `${at(rule)}: nothing has the class ${name}`),
    );

    expect(unused).toEqual([]);
  });
});

/** The rules of a sheet, or of what stands in a media query. */
function rulesOf(file: string, text: string, condition: string): readonly Rule[] {
  return Array.from(
    text.matchAll(/([^{};]+)\{((?:[^{}]|\{[^{}]*\})*)\}/g),
    ([, head = '', body = '']): readonly Rule[] => {
      const selector = head.trim();
      if (selector.startsWith('@media')) return rulesOf(file, body, selector);
      const declarations = body.split(';').map((declaration) => {
        const [property = '', ...value] = declaration.split(':');
        return { property: property.trim(), value: value.join(':').trim() };
      });
      return [{ file, condition, selector, declarations: declarations.filter(({ property }) => property !== '') }];
    },
  ).flat();
}

function shared(one: Rule, other: Rule): number {
  const said = new Set(one.declarations.map(({ property, value }) => `${property}: ${value}`));
  return other.declarations.filter(({ property, value }) => said.has(`${property}: ${value}`)).length;
}

/** Values that name a colour themselves: with a number, with a function, or, where a colour may stand, with a word. */
function coloursIn(rule: Rule): readonly string[] {
  const coloured = /^(color|accent-color|background|background-color|fill|stroke|box-shadow|(border|outline)(-\w+)*)$/;
  const named = /#[\da-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|color-mix|light-dark)\(/i;
  return rule.declarations
    .filter(({ property, value }) => {
      const words = value.replaceAll(
        /var\([^)]*\)|\b(?:none|transparent|solid|collapse)\b|\b\d*\.?\d+(?:px|rem|em|%)/g,
        '',
      );
      return named.test(value) || (coloured.test(property) && /[a-z]/i.test(words));
    })
    .map(({ property, value }) => `${at(rule)}: ${property}: ${value}`);
}

/**
 * Tells which classes elements can have: the words of class attributes; where an attribute is composed, what is quoted in
 * the same file (`badge ${tone}`); and where a word is composed, its beginning with a number or with what is quoted (`fill-${tone}`).
 */
function writtenClasses(): (name: string) => boolean {
  const sources = globSync(['console/src/**/*.{ts,tsx}', 'functions/src/channels/markdown/*.ts'], { cwd: ROOT })
    .filter((file) => !/\.(test|contract)\.tsx?$|\/testing\//.test(file))
    .map((file) => readFileSync(join(ROOT, file), 'utf8'));
  const whole = new Set<string>();
  const beginnings = new Set<string>();
  for (const source of sources) {
    for (const [, attribute = ''] of source.matchAll(/\bclass(?:=|', )("[^"]*"|`[^`]*`|\{(?:[^{}]|\{[^{}]*\})*\})/g)) {
      for (const word of wordsOf(attribute)) whole.add(word);
      for (const [, beginning = ''] of attribute.matchAll(/([a-z][\w-]*-)\$\{/gi)) beginnings.add(beginning);
      if (/^\{\w+\}$|[` ]\$\{\w+/.test(attribute)) for (const word of quotedWords(source)) whole.add(word);
    }
  }
  const ends = new Set(sources.flatMap(quotedWords));
  return (name) =>
    whole.has(name) ||
    [...beginnings].some((beginning) => {
      const end = name.startsWith(beginning) ? name.slice(beginning.length) : '';
      return /^\d$/.test(end) || ends.has(end);
    });
}

/** The words of a class attribute that are written out. */
function wordsOf(attribute: string): readonly string[] {
  const literals = attribute.startsWith('{') ? (attribute.match(/'[^']*'|`[^`]*`/g) ?? []) : [attribute];
  return literals.flatMap((literal) => literal.replaceAll(/[\w-]*\$\{[^}]*\}/g, ' ').match(/[a-z][\w-]*/gi) ?? []);
}

/** Single words in quotes, and the alternatives of regular expressions. */
function quotedWords(source: string): readonly string[] {
  return source.match(/(?<=['|(])[a-z][\w-]*(?=['|)])/gi) ?? [];
}
