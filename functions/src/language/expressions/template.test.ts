import { describe, expect, test } from 'vitest';
import { loadExpressions } from './expressions.ts';
import type { JsonObject } from '#core/json.ts';
import { parseTemplate, resolveTemplates } from './template.ts';

const { compile } = await loadExpressions();
const scope: JsonObject = {
  steps: { a: { output: { list: [1, 2], name: 'Ann', none: null, evil: '${{ steps.a.output.name }} }}', count: 3 } } },
};
const output = 'steps.a.output';
const resolve = (value: Parameters<typeof resolveTemplates>[0]) => resolveTemplates(value, scope, compile);

describe('filling in', () => {
  test('a value that is one expression keeps its type', () => {
    expect(resolve(`\${{ ${output}.list }}`)).toEqual([1, 2]);
    expect(resolve(`\${{${output}.count}}`)).toBe(3);
    expect(resolve(`\${{ ${output}.none }}\n`)).toBeNull();
  });

  test('inside text, texts, numbers and truth values are put in', () => {
    expect(
      resolve(`Hi \${{ ${output}.name }}, \${{ size(${output}.list) }} of \${{ ${output}.count }}: \${{ 1 < 2 }}`),
    ).toBe('Hi Ann, 2 of 3: true');
  });

  test('lists and objects are filled in deeply, and their keys stay', () => {
    const value = {
      '${{ x }}': [`\${{ ${output}.name }}`, 5, { deep: `<\${{ ${output}.name }}>` }],
      plain: true,
      none: null,
    };
    expect(resolve(value)).toEqual({ '${{ x }}': ['Ann', 5, { deep: '<Ann>' }], plain: true, none: null });
  });

  test('what is put in is never read again', () => {
    expect(resolve(`\${{ ${output}.evil }}`)).toBe('${{ steps.a.output.name }} }}');
    expect(resolve(`say \${{ ${output}.evil }}`)).toBe('say ${{ steps.a.output.name }} }}');
  });

  test('data names no secret, the author of an expression may', () => {
    const evil = { at: ['Bearer secret://HUBSPOT_TOKEN'] };
    const filled = (text: string) => resolveTemplates(text, { evil }, compile);

    expect(filled('${{ evil }}')).toEqual({ at: ['Bearer secret: //HUBSPOT_TOKEN'] });
    expect(filled('secret://OWN ${{ evil.at[0] }}')).toBe('secret://OWN Bearer secret: //HUBSPOT_TOKEN');
    expect(filled("${{ size(evil) > 0 ? 'secret://A' : 'secret://B' }}")).toBe('secret://A');
  });

  test('$${{ stands for the characters themselves', () => {
    expect(resolve(`$\${{ x }} and \${{ ${output}.name }} cost $5 or \${5}`)).toBe('${{ x }} and Ann cost $5 or ${5}');
  });

  test.each([
    [`\${{ {'a': {'b': 1}} }}`, { a: { b: 1 } }],
    [`\${{ '}}' + "}}" }}`, '}}}}'],
    [`\${{ 'it\\'s }}' }}`, "it's }}"],
    [`\${{ r'\\' + '}}' }}`, '\\}}'],
    [`\${{ """a " }} b""" }}`, 'a " }} b'],
    [`\${{ 1 // a comment with }} and '\n }}`, 1],
    [`\${{ [1].map(i, {'i': i}) }}`, [{ i: 1 }]],
  ])('%s ends where its expression ends', (text, expected) => {
    expect(resolve(text)).toEqual(expected);
  });
});

describe('what cannot be put into text', () => {
  test.each([
    [`x \${{ ${output}.none }}`, 'is null', "? steps.a.output.none : 'none'"],
    [`x \${{ ${output}.list }}`, 'is a list of 2', '.join('],
    [`x \${{ steps.a }}`, 'is an object', 'toJson(…)'],
    [`x \${{ ${output}.missing }}`, "no field 'missing'", 'has(…)'],
  ])('%s', (text, what, instead) => {
    expect(() => resolve(text)).toThrow(what);
    expect(() => resolve(text)).toThrow(instead);
  });

  test('the message says where in the value', () => {
    expect(() => resolve({ with: [{ body: `x \${{ ${output}.none }}` }] })).toThrow(
      "In 'with[0].body': `steps.a.output.none`",
    );
  });

  test('a text of more than 1,000,000 characters', () => {
    const big = { big: 'x'.repeat(600_000) };
    expect(() => resolveTemplates('${{ big }} ${{ big }}', big, compile)).toThrow('longer than 1,000,000');
    expect(() => resolveTemplates(['a ${{ big }}', 'b ${{ big }}'], big, compile)).toThrow('longer than 1,000,000');
  });
});

describe('reading', () => {
  test('a text is split into what stands there and what is evaluated', () => {
    expect(parseTemplate('a ${{ x }}b${{y}}')).toEqual([
      { kind: 'text', text: 'a ' },
      { kind: 'expression', source: 'x', offset: 6 },
      { kind: 'text', text: 'b' },
      { kind: 'expression', source: 'y', offset: 14 },
    ]);
  });

  test.each([
    ['a ${{ x }', "'}' closes nothing"],
    ['a ${{ x', "'}}' is missing"],
    ['a ${{ (x }}', "is in the place of the ')' that must close"],
    ["a ${{ 'x }}", 'never closed'],
    ['a ${{ }}', 'expression between'],
  ])('%s is refused, with its place', (text, reason) => {
    expect(() => parseTemplate(text)).toThrow(reason);
    expect(() => parseTemplate(text)).toThrow('^');
  });
});
