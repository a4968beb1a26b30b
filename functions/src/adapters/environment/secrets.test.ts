import { expect, test } from 'vitest';
import { environmentSecrets } from './secrets.ts';

test('a secret comes from the environment, trimmed', async () => {
  expect(await environmentSecrets({ env: { KEY: ' value\n' } }).get('KEY')).toBe('value');
});

test('a missing and an empty variable are both undefined', async () => {
  const secrets = environmentSecrets({ env: { EMPTY: '\n' } });
  expect([await secrets.get('EMPTY'), await secrets.get('MISSING')]).toEqual([undefined, undefined]);
});

test('only values that were handed out are known', async () => {
  const secrets = environmentSecrets({ env: { A: 'first', B: 'second' } });
  await secrets.get('A');
  expect(secrets.known()).toEqual(['first']);
});
