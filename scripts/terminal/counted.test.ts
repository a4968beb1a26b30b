import { expect, test } from 'vitest';
import { counted } from './counted.ts';

test.each([
  [0, '0 playbooks'],
  [1, '1 playbook'],
  [2, '2 playbooks'],
])('%i is counted as %s', (count, words) => {
  expect(counted(count, 'playbook')).toBe(words);
});
