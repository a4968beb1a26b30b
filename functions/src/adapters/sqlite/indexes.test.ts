import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { checkQuery } from '#ports/documents/document-query.ts';
import type { Query, Where } from '#ports/documents/documents.ts';
import { openConnection } from './connection.ts';
import { LISTINGS } from './indexes.ts';
import { LIST_INDEXES } from './list-indexes.ts';
import { selectSql } from './query-sql.ts';

interface Listed {
  readonly collection: string;
  readonly orderBy: string;
  readonly filters: readonly string[];
}

/** Each listing filtered by nothing, by each of its filters, and by all of them. */
const LISTED: readonly (readonly [string, Listed])[] = LISTINGS.flatMap(({ collection, orderBy, filters }) =>
  [[], ...filters.map((filter) => [filter]), filters].map(
    (some) => [`${collection} by ${some.join(' and ') || 'nothing'}`, { collection, orderBy, filters: some }] as const,
  ),
);
const BY_FACET: Listed = { collection: 'playbook_executions', orderBy: 'startedAt', filters: [] };
const facet: Where = { field: 'facets', op: 'array-contains', value: 'agent:linus' };

function planOf({ collection, orderBy, filters }: Listed, more: Omit<Query, 'collection'> = {}): string {
  const connection = openConnection(':memory:');
  const query: Query = {
    collection,
    where: [...filters.map((field): Where => ({ field, op: '==', value: 'x' })), ...(more.where ?? [])],
    orderBy: [{ field: orderBy, direction: 'desc' }],
    limit: 25,
    ...(more.startAfter === undefined ? {} : { startAfter: more.startAfter }),
  };
  const { text, parameters } = selectSql(checkQuery(query), 'documents.id');
  const plan = connection.all(`EXPLAIN QUERY PLAN ${text}`, parameters).map((row) => String(row.at(-1)));
  connection.close();
  return plan.join('\n');
}

function range(field: string): readonly Where[] {
  return [
    { field, op: '>=', value: new Date(0) },
    { field, op: '<', value: new Date(9) },
  ];
}

test.each(LISTED)('%s are found and ordered by an index alone', (_name, listed) => {
  const later = { startAfter: { values: [new Date(0)], id: 'x' } };
  const within = { where: range(listed.orderBy) };
  const variants: readonly Omit<Query, 'collection'>[] = [{}, later, within, { ...later, ...within }];
  for (const more of variants) {
    const plan = planOf(listed, more);
    expect(plan).toContain(`SEARCH documents USING COVERING INDEX ${listed.collection}_by_`);
    expect(plan).not.toContain('TEMP B-TREE');
  }
});

test('executions of one facet are found and ordered by its entries, from a cursor and in a range too', () => {
  const startAfter = { values: [new Date(0)], id: 'x' };
  for (const more of [{ where: [facet] }, { where: [facet, ...range('startedAt')] }]) {
    const first = planOf(BY_FACET, more);
    expect(first).toMatch(
      /^SEARCH playbook_executions_facets_by_startedAt USING PRIMARY KEY \(listed=\? AND order_rank/,
    );
    expect(first).not.toContain('TEMP B-TREE');
    const later = planOf(BY_FACET, { ...more, startAfter });
    expect(later).toMatch(/order_value[<,]/);
    expect(later).not.toContain('TEMP B-TREE');
  }
});

test('every filter of a listing, also that of a list, has its index in Firestore', () => {
  const schema = z.object({
    indexes: z.array(
      z.object({
        collectionGroup: z.string(),
        fields: z.array(
          z.object({ fieldPath: z.string(), order: z.string().optional(), arrayConfig: z.string().optional() }),
        ),
      }),
    ),
  });
  const file = new URL('../../../../firestore.indexes.json', import.meta.url);
  const { indexes } = schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const inFirestore = indexes.map(({ collectionGroup, fields }) =>
    [
      collectionGroup,
      ...fields.map(({ fieldPath, order, arrayConfig }) => `${fieldPath} ${order ?? arrayConfig}`),
    ].join(),
  );
  const wanted = [
    ...LISTINGS.flatMap(({ collection, orderBy, filters }) =>
      filters.map((filter) => `${collection},${filter} ASCENDING,${orderBy} DESCENDING`),
    ),
    ...LIST_INDEXES.map(({ collection, list, orderBy }) => `${collection},${list} CONTAINS,${orderBy} DESCENDING`),
  ];
  expect(inFirestore).toEqual(expect.arrayContaining(wanted));
});
