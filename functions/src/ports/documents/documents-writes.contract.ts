import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { codeOf, type Opened } from './opened-documents.contract.ts';
import { DELETE_FIELD, type DocumentData, type FieldChange } from './documents.ts';

/** What the contract says about get and commit. */
export function describeWrites(opened: Opened): void {
  const freshPath = (): string => `contract_${randomUUID()}/one`;

  async function created(data: DocumentData): Promise<{ readonly path: string; readonly updateTime: string }> {
    const path = freshPath();
    return { path, updateTime: await opened.documents.commit([{ kind: 'create', path, data }]) };
  }

  async function updated(data: DocumentData, changes: readonly FieldChange[]): Promise<DocumentData | undefined> {
    const { path } = await created(data);
    await opened.documents.commit([{ kind: 'update', path, changes }]);
    return (await opened.documents.get(path))?.data;
  }

  describe('writing', () => {
    test('a document that does not exist is read as undefined', async () => {
      expect(await opened.documents.get(freshPath())).toBeUndefined();
    });

    test('a document comes back as it was written, instants to the millisecond', async () => {
      const data = {
        text: 'Grüße, 🎉 “x”',
        at: '@not an instant',
        twice: '@@',
        empty: '',
        zero: 0,
        large: 2 ** 53,
        tiny: 5e-324,
        fraction: -0.1,
        yes: true,
        nothing: null,
        instant: new Date('2026-11-20T14:00:00.123Z'),
        old: new Date('0001-01-01T00:00:00.000Z'),
        list: [1, 'a', { deep: [new Date(0)] }, null],
        map: { 'a.b c`"\\': { ключ: 1 }, empty: {}, none: [] },
      };
      const { path } = await created(data);
      const stored = await opened.other.get(path);
      expect(stored?.data).toEqual(data);
      expect(stored).toMatchObject({ path, id: 'one' });
    });

    test('negative zero becomes zero, because a record is JSON', async () => {
      const { path } = await created({ value: -0 });
      expect((await opened.documents.get(path))?.data).toEqual({ value: 0 });
    });

    test('the update time that a commit returns is that of the document', async () => {
      const { path, updateTime } = await created({ n: 1 });
      const stored = await opened.documents.get(path);
      expect(stored?.updateTime).toBe(updateTime);
      expect(stored?.readAt.getTime()).toBeGreaterThanOrEqual(stored?.updatedAt.getTime() ?? Infinity);
    });

    test('every change gives the document a new update time, also when it is deleted and made again', async () => {
      const { path, updateTime } = await created({ n: 0 });
      const times = [updateTime];
      for (let n = 1; n <= 5; n += 1) {
        times.push(await opened.documents.commit([{ kind: 'set', path, data: { n } }]));
      }
      await opened.documents.commit([{ kind: 'delete', path }]);
      times.push(await opened.documents.commit([{ kind: 'create', path, data: { n: 0 } }]));
      expect(new Set(times).size).toBe(times.length);
    });

    test('of twenty creations at once exactly one wins', async () => {
      const path = freshPath();
      const codes = await Promise.all(
        Array.from({ length: 20 }, (_, n) => {
          const documents = n % 2 === 0 ? opened.documents : opened.other;
          return codeOf(documents.commit([{ kind: 'create', path, data: { n } }]));
        }),
      );
      expect(codes.filter((code) => code === 'none')).toHaveLength(1);
      expect(codes.filter((code) => code === 'already_exists')).toHaveLength(19);
    });

    test('conditional updates under contention lose nothing', async () => {
      const { path } = await created({ n: 0 });
      const increments = Array.from({ length: 10 }, async (_, index) => {
        const documents = index % 2 === 0 ? opened.documents : opened.other;
        for (;;) {
          const stored = await documents.get(path);
          const changes = [{ field: ['n'], value: Number(stored?.data['n']) + 1 }];
          const ifUpdateTime = stored?.updateTime ?? '';
          const code = await codeOf(documents.commit([{ kind: 'update', path, changes, ifUpdateTime }]));
          if (code === 'none') return;
          expect(code).toBe('conflict');
        }
      });
      await Promise.all(increments);
      expect((await opened.documents.get(path))?.data).toEqual({ n: 10 });
    });

    test('an update of an older version is a conflict and changes nothing', async () => {
      const { path, updateTime } = await created({ n: 1 });
      await opened.other.commit([{ kind: 'update', path, changes: [{ field: ['n'], value: 2 }] }]);
      const changes = [{ field: ['n'], value: 3 }];
      expect(await codeOf(opened.documents.commit([{ kind: 'update', path, changes, ifUpdateTime: updateTime }]))).toBe(
        'conflict',
      );
      expect((await opened.documents.get(path))?.data).toEqual({ n: 2 });
    });

    test('an update of a document that is not there is not_found, and a conflict when a version was named', async () => {
      const { updateTime } = await created({});
      const changes = [{ field: ['n'], value: 1 }];
      expect(await codeOf(opened.documents.commit([{ kind: 'update', path: freshPath(), changes }]))).toBe('not_found');
      const conditional = { kind: 'update', path: freshPath(), changes, ifUpdateTime: updateTime } as const;
      expect(await codeOf(opened.documents.commit([conditional]))).toBe('conflict');
    });

    test('a deletion of another version is a conflict; without a version it always succeeds', async () => {
      const { path, updateTime } = await created({ n: 1 });
      await opened.documents.commit([{ kind: 'set', path, data: { n: 2 } }]);
      expect(await codeOf(opened.documents.commit([{ kind: 'delete', path, ifUpdateTime: updateTime }]))).toBe(
        'conflict',
      );
      await opened.documents.commit([{ kind: 'delete', path }]);
      await opened.documents.commit([{ kind: 'delete', path }]);
      expect(await opened.documents.get(path)).toBeUndefined();
    });

    test('an update time of a later version or of another database is a conflict', async () => {
      const { path } = await created({ n: 1 });
      const later = await opened.documents.commit([{ kind: 'create', path: freshPath(), data: {} }]);
      for (const ifUpdateTime of [later, 'never', '']) {
        expect(await codeOf(opened.documents.commit([{ kind: 'delete', path, ifUpdateTime }]))).toBe('conflict');
      }
    });

    test('a commit of which one write fails applies none', async () => {
      const { path: existing } = await created({ n: 1 });
      const [first, last] = [freshPath(), freshPath()];
      const code = await codeOf(
        opened.documents.commit([
          { kind: 'create', path: first, data: {} },
          { kind: 'set', path: existing, data: { n: 2 } },
          { kind: 'create', path: existing.replace('/one', '/two'), data: {} },
          { kind: 'update', path: last, changes: [{ field: ['a'], value: 1 }] },
        ]),
      );
      expect(code).toBe('not_found');
      expect(await opened.documents.get(first)).toBeUndefined();
      expect((await opened.documents.get(existing))?.data).toEqual({ n: 1 });
    });

    test('all documents of a commit have the time that it returned', async () => {
      const paths = [freshPath(), freshPath(), freshPath()];
      const time = await opened.documents.commit(paths.map((path) => ({ kind: 'create', path, data: { path } })));
      for (const path of paths) expect((await opened.documents.get(path))?.updateTime).toBe(time);
    });

    test('set replaces the whole document', async () => {
      const { path } = await created({ a: 1, b: 2 });
      await opened.documents.commit([{ kind: 'set', path, data: { c: 3 } }]);
      expect((await opened.documents.get(path))?.data).toEqual({ c: 3 });
    });
  });

  describe('updating fields', () => {
    test('an update changes the named fields and leaves their neighbours', async () => {
      const data = await updated({ steps: { a: { n: 1, kept: true }, b: 2 }, other: 'x' }, [
        { field: ['steps', 'a', 'n'], value: [new Date(7), { z: '@' }] },
        { field: ['steps', 'c', 'new'], value: { deep: null } },
      ]);
      expect(data).toEqual({
        steps: { a: { n: [new Date(7), { z: '@' }], kept: true }, b: 2, c: { new: { deep: null } } },
        other: 'x',
      });
    });

    test.each([
      'a.b',
      'with space',
      'ü🎉',
      '`tick`',
      'quo"te',
      "apo'strophe",
      'back\\slash',
      'line\nbreak',
      '0',
      '$',
      '[0]',
    ])('the field %j can be written, changed and removed', async (name) => {
      const data = await updated({ map: { [name]: 1, keep: 1 }, [name]: { [name]: 1 } }, [
        { field: ['map', name], value: 2 },
        { field: [name, name], value: DELETE_FIELD },
        { field: [name, 'more'], value: 3 },
      ]);
      expect(data).toEqual({ map: { [name]: 2, keep: 1 }, [name]: { more: 3 } });
    });

    test('a path through something that is not a map replaces it with one', async () => {
      const data = await updated({ list: [1], nothing: null, number: 3, when: new Date(0) }, [
        { field: ['list', 'a'], value: 1 },
        { field: ['nothing', 'a', 'b'], value: 2 },
        { field: ['when', 'a'], value: 3 },
      ]);
      expect(data).toEqual({ list: { a: 1 }, nothing: { a: { b: 2 } }, number: 3, when: { a: 3 } });
    });

    test('removing what is not there changes nothing else', async () => {
      const data = await updated({ number: 3, map: { a: 1 } }, [
        { field: ['missing'], value: DELETE_FIELD },
        { field: ['gone', 'deep'], value: DELETE_FIELD },
        { field: ['number', 'x'], value: DELETE_FIELD },
        { field: ['map', 'a'], value: DELETE_FIELD },
      ]);
      expect(data).toEqual({ number: 3, map: {} });
    });

    test('a hundred fields change in one update', async () => {
      const changes = Array.from({ length: 100 }, (_, n) => ({ field: ['steps', `s${n}`, 'n'], value: n }));
      const data = await updated({ steps: {} }, changes);
      expect(data).toEqual({ steps: Object.fromEntries(changes.map(({ value }) => [`s${value}`, { n: value }])) });
    });

    test('an update that makes a document larger than 1 MiB is refused', async () => {
      const { path } = await created({ a: 'x'.repeat(600_000) });
      const changes = [{ field: ['b'], value: 'y'.repeat(500_000) }];
      expect(await codeOf(opened.documents.commit([{ kind: 'update', path, changes }]))).toBe('invalid');
      expect(Object.keys((await opened.documents.get(path))?.data ?? {})).toEqual(['a']);
    });

    test('a large value can be replaced again and again', async () => {
      const { path } = await created({ a: '' });
      for (const letter of ['x', 'y', 'z']) {
        await opened.documents.commit([
          { kind: 'update', path, changes: [{ field: ['a'], value: letter.repeat(600_000) }] },
        ]);
      }
      expect((await opened.documents.get(path))?.data).toEqual({ a: 'z'.repeat(600_000) });
    });
  });
}
