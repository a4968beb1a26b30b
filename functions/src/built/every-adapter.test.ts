import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { EXCHANGES } from './exchanges.ts';
import { FIRESTORE_EXCHANGES } from './firestore-exchanges.ts';

const ADAPTERS = fileURLToPath(new URL('../adapters', import.meta.url));

test('every adapter makes an exchange from the built product over the wire', () => {
  const adapters = readdirSync(ADAPTERS)
    .filter((name) => !name.endsWith('.test.ts'))
    .map((name) => name.replace(/\.ts$/, ''));
  const exchanged = [...Object.entries(EXCHANGES), ...Object.entries(FIRESTORE_EXCHANGES)]
    .filter(([, exchanges]) => exchanges.length > 0)
    .map(([adapter]) => adapter);

  expect(exchanged.toSorted()).toEqual(adapters.toSorted());
});
