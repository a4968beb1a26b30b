import { describe, expect, test } from 'vitest';
import { loadExpressions } from '#language/expressions/expressions.ts';
import { needsExpressions } from './needs-expressions.ts';
import { Playbook } from '#language/playbook/playbook.ts';

const types = new Map<string, { readonly kind: 'action' | 'control' }>([
  ['tool_call', { kind: 'action' }],
  ['condition', { kind: 'control' }],
]);
const plain = { id: 's', type: 'tool_call', tool: 'x', with: { list: ['plain', 1] } };
const playbookOf = (step: object, more: object = {}) => Playbook.parse({ id: 'p', name: 'P', steps: [step], ...more });

describe('whether the expression language is needed', () => {
  test('a playbook of plain steps does without, and nothing is loaded for it', async () => {
    expect(needsExpressions(playbookOf(plain), types)).toBe(false);
    const expressions = await loadExpressions(false);
    expect(expressions.resolve({ a: 'plain' }, {})).toEqual({ a: 'plain' });
    expect(() => expressions.evaluate('1', {})).toThrow('was not loaded');
  });

  test.each([
    ['a template deep inside', playbookOf({ ...plain, with: { list: [{ a: 'x ${{ now }}' }] } })],
    ['a condition on a step', playbookOf({ ...plain, if: 'true' })],
    ['a control step', playbookOf({ id: 'c', type: 'condition' })],
    ['a step type that is not known', playbookOf({ id: 'c', type: 'other' })],
    ['criteria', playbookOf(plain, { criteria: [{ id: 'c', value: '1', ok: 'true', alert: 'false' }] })],
  ])('%s needs it', (_, playbook) => {
    expect(needsExpressions(playbook, types)).toBe(true);
  });
});

test('conditions, values and templates come from one language', async () => {
  const expressions = await loadExpressions();
  expect(expressions.isTrue('a > 1', { a: 2 })).toBe(true);
  expect(expressions.evaluate('a + 1', { a: 2 })).toBe(3);
  expect(expressions.resolve(['${{ a }}', 'a is ${{ a }}'], { a: 2 })).toEqual([2, 'a is 2']);
});
