import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { checkQuery } from '../../ports/document-query.ts';
import type { Query } from '../../ports/documents.ts';
import { openConnection } from './connection.ts';
import { INDEXES } from './indexes.ts';
import { selectSql } from './query-sql.ts';

const newest = [{ field: 'startedAt', direction: 'desc' }] as const;
const HOT: readonly (readonly [string, Omit<Query, 'collection'>])[] = [
  ['the latest executions', { orderBy: newest, limit: 50 }],
  [
    'the latest of one playbook',
    { where: [{ field: 'playbookId', op: '==', value: 'p' }], orderBy: newest, limit: 50 },
  ],
  ['the latest failed', { where: [{ field: 'status', op: '==', value: 'failed' }], orderBy: newest, limit: 50 }],
  ['since an instant', { where: [{ field: 'startedAt', op: '>=', value: new Date(0) }], orderBy: newest, limit: 50 }],
  [
    'the latest failed of one playbook',
    {
      where: [
        { field: 'playbookId', op: '==', value: 'p' },
        { field: 'status', op: '==', value: 'failed' },
      ],
      orderBy: newest,
      limit: 50,
    },
  ],
  ['a later page', { orderBy: newest, limit: 50, startAfter: { values: [new Date(0)], id: 'x' } }],
];

test.each(HOT)('%s are found by an index, without sorting', (_name, query) => {
  const connection = openConnection(':memory:');
  const { text, parameters } = selectSql(checkQuery({ collection: 'playbook_executions', ...query }), 'id, json(data)');
  const plan = connection.all(`EXPLAIN QUERY PLAN ${text}`, parameters).join('\n');
  expect(plan).toContain('USING INDEX playbook_executions_by_');
  expect(plan).not.toContain('TEMP B-TREE');
  connection.close();
});

test('every index of several fields exists in Firestore too', () => {
  const schema = z.object({
    indexes: z.array(z.object({ collectionGroup: z.string(), fields: z.array(z.object({ fieldPath: z.string() })) })),
  });
  const file = new URL('../../../../firestore.indexes.json', import.meta.url);
  const { indexes } = schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const inFirestore = indexes.map(({ collectionGroup, fields }) => ({
    collection: collectionGroup,
    fields: fields.map(({ fieldPath }) => fieldPath),
  }));
  expect(inFirestore).toEqual(expect.arrayContaining(INDEXES.filter(({ fields }) => fields.length > 1)));
});
