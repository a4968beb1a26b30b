import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt } from '../../../scripts/building/ensure-built.ts';
import { FIRESTORE_EXCHANGES } from './firestore-exchanges.ts';
import { startHostileSurroundings, type HostileSurroundings } from './hostile-surroundings.ts';

let hostile: HostileSurroundings;

beforeAll(async () => {
  await ensureBuilt();
  hostile = await startHostileSurroundings();
}, 120_000);

afterAll(() => hostile.close());

for (const [adapter, exchanges] of Object.entries(FIRESTORE_EXCHANGES)) {
  describe(`the built adapter ${adapter}`, () => {
    for (const { title, run } of exchanges) {
      test(`it ${title}`, async () => {
        await expect(run({})).resolves.toBeUndefined();
      });

      test(`it ${title}, also in a misleading environment`, async () => {
        await run(hostile.env);
        expect(hostile.visits).toEqual([]);
      });
    }
  });
}
