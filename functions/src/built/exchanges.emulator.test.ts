import { beforeAll, describe, test } from 'vitest';
import { ensureBuilt } from '../../../scripts/ensure-built.ts';
import { FIRESTORE_EXCHANGES } from './firestore-exchanges.ts';

beforeAll(async () => {
  await ensureBuilt();
}, 120_000);

for (const [adapter, exchanges] of Object.entries(FIRESTORE_EXCHANGES)) {
  describe(`the built adapter ${adapter}`, () => {
    for (const { title, run } of exchanges) test(title, run);
  });
}
