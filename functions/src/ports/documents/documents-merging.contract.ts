import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { codeOf, type Opened } from './opened-documents.contract.ts';
import { DELETE_FIELD, type DocumentData, type MergeChange, type Write } from './documents.ts';

/** What the contract says about merges. */
export function describeMerging(opened: Opened): void {
  const freshPath = (): string => `contract_${randomUUID()}/one`;
  const commit = (...writes: readonly Write[]): Promise<string> => opened.documents.commit(writes);

  async function merged(
    data: DocumentData | undefined,
    changes: readonly MergeChange[],
  ): Promise<DocumentData | undefined> {
    const path = freshPath();
    if (data !== undefined) await commit({ kind: 'create', path, data });
    await commit({ kind: 'merge', path, changes });
    return (await opened.documents.get(path))?.data;
  }

  describe('merging', () => {
    test('a merge makes the document that is not there, with the maps on the way', async () => {
      const data = await merged(undefined, [
        { field: ['day'], value: '2026-11-20' },
        { field: ['playbooks', 'daily', 'count'], increment: 1 },
        { field: ['playbooks', 'daily', 'usd'], increment: 0.25 },
        { field: ['playbooks', 'hourly', 'at'], value: new Date(5) },
        { field: ['gone'], value: DELETE_FIELD },
        { field: ['never', 'there'], value: DELETE_FIELD },
      ]);
      expect(data).toEqual({
        day: '2026-11-20',
        playbooks: { daily: { count: 1, usd: 0.25 }, hourly: { at: new Date(5) } },
      });
    });

    test('a merge that only removes makes an empty document where there is none', async () => {
      expect(await merged(undefined, [{ field: ['gone'], value: DELETE_FIELD }])).toEqual({});
      expect(await merged(undefined, [{ field: ['gone', 'deep'], value: DELETE_FIELD }])).toEqual({});
    });

    test('a merge changes the named fields and leaves their neighbours', async () => {
      const data = await merged({ a: { n: 1, kept: true }, list: [1], gone: 1, map: { whole: 1 } }, [
        { field: ['a', 'n'], value: 2 },
        { field: ['a', 'new', 'deep'], value: null },
        { field: ['list'], value: ['x'] },
        { field: ['gone'], value: DELETE_FIELD },
        { field: ['map'], value: { other: 1 } },
      ]);
      expect(data).toEqual({ a: { n: 2, kept: true, new: { deep: null } }, list: ['x'], map: { other: 1 } });
    });

    test('an increment adds to a number, a fraction or a negative one too', async () => {
      const data = await merged({ n: 1, usd: 0.5, map: { n: 2 } }, [
        { field: ['n'], increment: 0.25 },
        { field: ['usd'], increment: -2 },
        { field: ['map', 'n'], increment: 40 },
        { field: ['zero'], increment: 0 },
      ]);
      expect(data).toEqual({ n: 1.25, usd: -1.5, map: { n: 42 }, zero: 0 });
    });

    test('an increment of what is not a number begins at 0, also below what is not a map', async () => {
      const data = await merged({ text: '7', nothing: null, when: new Date(0), list: [1], map: { n: 1 }, deep: 3 }, [
        { field: ['text'], increment: 1 },
        { field: ['nothing'], increment: 2 },
        { field: ['when'], increment: 3 },
        { field: ['list'], increment: 4 },
        { field: ['map'], increment: 5 },
        { field: ['deep', 'n'], increment: 6 },
      ]);
      expect(data).toEqual({ text: 1, nothing: 2, when: 3, list: 4, map: 5, deep: { n: 6 } });
    });

    test.each(['a.b', 'ü🎉', '`tick`', 'quo"te', 'back\\slash', 'line\nbreak', '0', '$'])(
      'the field %j can be merged, incremented and removed',
      async (name) => {
        const data = await merged({ map: { [name]: 1, keep: 1 }, gone: { [name]: 1 } }, [
          { field: ['map', name], increment: 2 },
          { field: [name, name], value: 1 },
          { field: ['gone', name], value: DELETE_FIELD },
        ]);
        expect(data).toEqual({ map: { [name]: 3, keep: 1 }, [name]: { [name]: 1 }, gone: {} });
      },
    );

    test('twenty merges at once lose no increment', async () => {
      const path = freshPath();
      const changes = [{ field: ['n'], increment: 1 }];
      await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          (n % 2 === 0 ? opened.documents : opened.other).commit([{ kind: 'merge', path, changes }]),
        ),
      );
      expect((await opened.documents.get(path))?.data).toEqual({ n: 20 });
    });

    test('a merge beside an update that fails changes nothing, so a repeated commit counts once', async () => {
      const [path, totals] = [freshPath(), freshPath()];
      const ifUpdateTime = await commit({ kind: 'create', path, data: { done: false } });
      const ending: readonly Write[] = [
        { kind: 'merge', path: totals, changes: [{ field: ['n'], increment: 1 }] },
        { kind: 'update', path, changes: [{ field: ['done'], value: true }], ifUpdateTime },
      ];
      await commit(...ending);
      expect(await codeOf(commit(...ending))).toBe('conflict');
      expect((await opened.documents.get(totals))?.data).toEqual({ n: 1 });
      const never = freshPath();
      const refused = { kind: 'merge', path: never, changes: [{ field: ['n'], increment: 1 }] } as const;
      expect(await codeOf(commit(refused, ...ending.slice(1)))).toBe('conflict');
      expect(await opened.documents.get(never)).toBeUndefined();
    });

    test('a merge gives the document the time that the commit returned', async () => {
      const path = freshPath();
      const times = [];
      for (let n = 0; n < 3; n += 1) {
        const time = await commit({ kind: 'merge', path, changes: [{ field: ['n'], increment: 1 }] });
        expect((await opened.documents.get(path))?.updateTime).toBe(time);
        times.push(time);
      }
      expect(new Set(times).size).toBe(3);
    });

    test('a merge that makes a document larger than 1 MiB is refused', async () => {
      const path = freshPath();
      const half = (name: string): Promise<string> =>
        commit({ kind: 'merge', path, changes: [{ field: [name], value: 'x'.repeat(600_000) }] });
      await half('a');
      expect(await codeOf(half('b'))).toBe('invalid');
      await half('a');
      expect(Object.keys((await opened.documents.get(path))?.data ?? {})).toEqual(['a']);
    });

    test('merges that make no sense are refused', async () => {
      const path = freshPath();
      const merge = (...changes: readonly MergeChange[]): Promise<string> => commit({ kind: 'merge', path, changes });
      await expect(merge()).rejects.toThrow('a merge needs at least one change');
      for (const increment of [NaN, Infinity, Number('x')]) {
        expect(await codeOf(merge({ field: ['n'], increment }))).toBe('invalid');
      }
      // What arrives at run time is not always what the types promise.
      const untyped: readonly MergeChange[] = JSON.parse('[{"field":["n"],"increment":"1"}]');
      await expect(merge(...untyped)).rejects.toThrow('the field n is to be incremented');
      const both: readonly MergeChange[] = JSON.parse('[{"field":["n"],"increment":1,"value":1}]');
      expect(await codeOf(merge(...both))).toBe('invalid');
      const one = { increment: 1 };
      for (const fields of [[[]], [['']], [['a', '__b__']], [['a'], ['a']], [['a', 'b'], ['a']]]) {
        expect(await codeOf(merge(...fields.map((field) => ({ field, ...one }))))).toBe('invalid');
      }
      expect(await opened.documents.get(path)).toBeUndefined();
    });
  });
}
