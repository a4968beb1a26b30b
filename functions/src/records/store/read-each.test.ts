import { describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { PlaybookError } from '#core/failure.ts';
import type { StoredDocument } from '#ports/documents/documents.ts';
import { readEach } from './read-each.ts';

async function stored(...ids: readonly string[]): Promise<readonly StoredDocument[]> {
  const documents = sqliteDocuments({ file: ':memory:' });
  await documents.commit(ids.map((id) => ({ kind: 'create', path: `records/${id}`, data: {} })));
  const found = await documents.query({ collection: 'records' });
  await documents.close();
  return found;
}

describe('of several records', () => {
  test('a damaged one is listed with its reason and does not hide others', async () => {
    const read = ({ id }: StoredDocument): string => {
      if (id === 'odd') throw new PlaybookError('internal', 'The record records/odd is not readable.');
      return id;
    };

    expect(readEach(await stored('first', 'odd', 'second'), read)).toEqual({
      items: ['first', 'second'],
      unreadable: [{ id: 'odd', problem: 'The record records/odd is not readable.' }],
    });
  });

  test('one that triggers a bug of ours does not hide the bug', async () => {
    const read = (): never => {
      throw new TypeError('a bug');
    };

    const found = await stored('first');
    expect(() => readEach(found, read)).toThrow(TypeError);
  });
});
