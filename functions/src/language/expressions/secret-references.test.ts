import { describe, expect, test } from 'vitest';
import type { Json } from '#core/json.ts';
import { loadExpressions } from './expressions.ts';
import { resolveTemplates } from './template.ts';

const { compile } = await loadExpressions();
const resolve = (value: Json, data: Json) => resolveTemplates(value, { data }, compile);

describe('a reference to a secret in data', () => {
  test.each<[string, Json, Json]>([
    ['alone', 'secret://A', 'secret: //A'],
    ['twice in one text', 'secret://A and secret://B', 'secret: //A and secret: //B'],
    ['twice in a row', 'secret://secret://A', 'secret: //secret: //A'],
    ['thrice', 'secret://A,secret://B,secret://C', 'secret: //A,secret: //B,secret: //C'],
    ['in a list', ['secret://A secret://B', 'x'], ['secret: //A secret: //B', 'x']],
    ['deep inside', { a: [{ b: 'secret://A secret://B' }] }, { a: [{ b: 'secret: //A secret: //B' }] }],
    ['not at all', { a: ['secrets', 1, true, null] }, { a: ['secrets', 1, true, null] }],
  ])('%s is only text', (_, data, text) => {
    expect(resolve('${{ data }}', data)).toEqual(text);
    expect(resolve({ deep: ['${{ data }}'] }, data)).toEqual({ deep: [text] });
    const twice = 'a ${{ toJson(data) }} b ${{ toJson(data) }}';
    expect(resolve(twice, data)).toBe(`a ${JSON.stringify(text)} b ${JSON.stringify(text)}`);
  });
});

describe('a reference to a secret that an author wrote', () => {
  test('counts beside data, as often as it is written', () => {
    expect(resolve('secret://OWN ${{ data }} secret://TOO', 'secret://A secret://B')).toBe(
      'secret://OWN secret: //A secret: //B secret://TOO',
    );
  });

  test('counts in an expression, as often as it is written', () => {
    expect(resolve("${{ data ? 'secret://A secret://B' : '' }}", true)).toBe('secret://A secret://B');
  });
});
