import { expect, test } from 'vitest';
import { Playbook } from './playbook.ts';
import { versionOf } from './version.ts';

const playbook = Playbook.parse({
  id: 'a',
  name: 'A',
  steps: [{ id: 's', type: 'tool_call', tool: 'x', with: { b: 1, a: [1, 2] } }],
});

test('the version is twelve hex digits and the same for the same content, whatever the order of its keys', () => {
  const reordered = Playbook.parse({
    steps: [{ with: { a: [1, 2], b: 1 }, tool: 'x', type: 'tool_call', id: 's' }],
    name: 'A',
    id: 'a',
  });
  expect(versionOf(playbook)).toMatch(/^[0-9a-f]{12}$/);
  expect(versionOf(reordered)).toBe(versionOf(playbook));
  expect(versionOf({ ...playbook, description: undefined })).toBe(versionOf(playbook));
});

test.each([
  ['a name', { ...playbook, name: 'B' }],
  [
    'the order of a list',
    Playbook.parse({ ...playbook, steps: [{ id: 's', type: 'tool_call', tool: 'x', with: { b: 1, a: [2, 1] } }] }),
  ],
  [
    'a type',
    Playbook.parse({ ...playbook, steps: [{ id: 's', type: 'tool_call', tool: 'x', with: { b: '1', a: [1, 2] } }] }),
  ],
])('%s makes another version', (_, other) => {
  expect(versionOf(other)).not.toBe(versionOf(playbook));
});
