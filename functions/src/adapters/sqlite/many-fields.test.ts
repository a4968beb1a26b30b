import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DELETE_FIELD, type Documents, type FieldChange } from '#ports/documents/documents.ts';
import { sqliteDocuments } from './documents.ts';

let documents: Documents;
beforeEach(() => {
  documents = sqliteDocuments({ file: ':memory:' });
});
afterEach(() => documents.close());

async function updated(
  data: Parameters<typeof documentOf>[0],
  changes: readonly FieldChange[],
): Promise<Readonly<Record<string, unknown>> | undefined> {
  await documents.commit([documentOf(data)]);
  await documents.commit([{ kind: 'update', path: 'c/a', changes }]);
  return (await documents.get('c/a'))?.data;
}

function documentOf(data: Readonly<Record<string, number>>) {
  return { kind: 'create', path: 'c/a', data } as const;
}

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `f${n}`);

describe('one write', () => {
  // SQLite's functions take 127 arguments or 1,000, which depends on its version.
  test.each([59, 60, 61, 63, 64, 127, 500])('sets %i fields', async (count) => {
    const expected = Object.fromEntries(names(count).map((name) => [name, 1]));

    expect(
      await updated(
        {},
        names(count).map((name) => ({ field: [name], value: 1 })),
      ),
    ).toEqual(expected);
  });

  test.each([60, 61, 127])('removes %i fields', async (count) => {
    const data = Object.fromEntries(names(count).map((name) => [name, 1]));

    expect(
      await updated(
        { ...data, kept: 2 },
        names(count).map((name) => ({ field: [name], value: DELETE_FIELD })),
      ),
    ).toEqual({ kept: 2 });
  });
});

const CONTROLS = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).filter((char) => char !== '\0');

describe('a field name', () => {
  test.each([...CONTROLS, '\u007f', '\u0085', '\u2028', '"', '\\', '\\u0041', "'", '$', '*', '#-1'])(
    'with %j is that field and no other, in every kind of change',
    async (char) => {
      const name = `a${char}b`;
      const data = { [name]: 1, [`${name}2`]: 1, [char]: 1, kept: 1 };

      const changed = await updated(data, [
        { field: [name], value: 2 },
        { field: [`new${char}`, `in${char}`], value: 3 },
        { field: [char], value: DELETE_FIELD },
      ]);

      expect(changed).toEqual({ [name]: 2, [`${name}2`]: 1, [`new${char}`]: { [`in${char}`]: 3 }, kept: 1 });
    },
  );
});
