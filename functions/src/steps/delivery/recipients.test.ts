import { expect, test } from 'vitest';
import { addressesOf } from './recipients.ts';

const people = {
  roles: { operator: ['martez@bakedbot.ai'], reports: ['martez@bakedbot.ai', 'rishabh@bakedbot.ai'] },
  allowedRecipients: [],
  allowedLinkHosts: [],
  sender: { email: 'playbooks@bakedbot.ai', name: 'Operations' },
};

test('roles become their addresses, each once, in addition to given addresses', () => {
  expect(addressesOf(['operator', 'reports', ' ops@bakedbot.ai ', 'Martez@bakedbot.ai'], people)).toEqual([
    'Martez@bakedbot.ai',
    'rishabh@bakedbot.ai',
    'ops@bakedbot.ai',
  ]);
});

test.each([['reprots'], ['constructor']])('the role %s is unknown', (role) => {
  expect(() => addressesOf([role], people)).toThrow(expect.objectContaining({ code: 'input_invalid' }));
});

test('a misspelled role causes an error with a suggestion', () => {
  expect(() => addressesOf(['reprots'], people)).toThrow("Did you mean 'reports'?");
});
