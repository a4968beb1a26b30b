import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Opened } from './opened-documents.contract.ts';

/** What the contract says about the time that a call may take. */
export function describeLimits(opened: Opened): void {
  const freshPath = (): string => `contract_${randomUUID()}/one`;

  describe('limits', () => {
    test('a call within its limit is answered', async () => {
      const path = freshPath();
      const limit = { timeoutMs: 20_000 };
      const updateTime = await opened.documents.commit([{ kind: 'create', path, data: { n: 1 } }], limit);
      expect(await opened.documents.get(path, limit)).toMatchObject({ data: { n: 1 }, updateTime });
    });

    test.each([0, -1, Number.NaN])('a call that has %d ms left sends nothing', async (timeoutMs) => {
      const path = freshPath();
      const nothingSent = { code: 'unavailable', mayBeApplied: false };
      const commit = opened.documents.commit([{ kind: 'create', path, data: {} }], { timeoutMs });
      await expect(commit).rejects.toMatchObject(nothingSent);
      await expect(opened.documents.get(path, { timeoutMs })).rejects.toMatchObject(nothingSent);
      expect(await opened.other.get(path)).toBeUndefined();
    });

    test('a limit beyond all measure is no limit', async () => {
      const path = freshPath();
      await opened.documents.commit([{ kind: 'create', path, data: {} }], { timeoutMs: Infinity });
      expect(await opened.documents.get(path, { timeoutMs: 2 ** 40 })).toBeDefined();
    });
  });
}
