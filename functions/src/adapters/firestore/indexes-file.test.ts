import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';

const Indexes = z.strictObject({
  indexes: z.array(
    z.strictObject({
      collectionGroup: z.string(),
      queryScope: z.literal('COLLECTION'),
      fields: z
        .array(
          z.strictObject({
            fieldPath: z.string(),
            order: z.enum(['ASCENDING', 'DESCENDING']).optional(),
            arrayConfig: z.literal('CONTAINS').optional(),
          }),
        )
        .min(2),
    }),
  ),
  fieldOverrides: z.array(
    z.strictObject({
      collectionGroup: z.string(),
      fieldPath: z.string(),
      ttl: z.literal(true).optional(),
      indexes: z.array(z.strictObject({ order: z.literal('ASCENDING'), queryScope: z.literal('COLLECTION') })),
    }),
  ),
});

function read(name: string): string {
  return readFileSync(new URL(`../../../../${name}`, import.meta.url), 'utf8');
}

const { indexes, fieldOverrides } = Indexes.parse(JSON.parse(read('firestore.indexes.json')));

/** Fields without any index. */
const exemptions = fieldOverrides.filter((override) => override.indexes.length === 0);

test('every composite index is declared once, and none needs a field that is exempt from indexes', () => {
  const names = indexes.map(({ collectionGroup, fields }) =>
    [collectionGroup, ...fields.map((f) => `${f.fieldPath} ${f.order ?? f.arrayConfig}`)].join(),
  );
  expect(new Set(names).size).toBe(names.length);
  const exempt = new Set(exemptions.map(({ collectionGroup, fieldPath }) => `${collectionGroup}.${fieldPath}`));
  const used = indexes.flatMap(({ collectionGroup, fields }) => fields.map((f) => `${collectionGroup}.${f.fieldPath}`));
  expect(used.filter((field) => exempt.has(field))).toEqual([]);
});

test('what expires is deleted by the database, by a field that is not indexed', () => {
  const expiring = fieldOverrides
    .filter(({ ttl }) => ttl)
    .map(({ collectionGroup, fieldPath }) => [collectionGroup, fieldPath]);
  expect(expiring).toEqual([
    ['playbook_executions', 'expireAt'],
    ['playbook_notifications', 'expireAt'],
    ['playbook_threads', 'expireAt'],
    ['playbook_contacts', 'expireAt'],
    ['playbook_items', 'expireAt'],
  ]);
});

test('what is due is found by an index of its own, in the order in which it is looked after', () => {
  const dueness = fieldOverrides.filter(({ fieldPath }) => fieldPath === 'wakeAt');
  expect(dueness).toEqual([
    {
      collectionGroup: 'playbook_executions',
      fieldPath: 'wakeAt',
      indexes: [{ order: 'ASCENDING', queryScope: 'COLLECTION' }],
    },
  ]);
});

test('no field is set of a collection group that a team may have, too: it would be set for theirs', () => {
  const groups = new Set(fieldOverrides.map(({ collectionGroup }) => collectionGroup));

  expect([...groups].filter((group) => !/^playbooks?_/.test(group))).toEqual([]);
});

test('the payload of an execution is exempt from indexes', () => {
  const exempt = exemptions.filter(({ collectionGroup }) => collectionGroup === 'playbook_executions');
  const names = exempt.map(({ fieldPath }) => fieldPath);
  expect(names).toEqual(expect.arrayContaining(['steps', 'results', 'criteria', 'lease', 'window']));
});

test('no field of an execution that no query asks for costs an index entry', () => {
  const exempt = exemptions.filter(({ collectionGroup }) => collectionGroup === 'playbook_executions');
  const unasked = ['playbookName', 'version', 'success', 'runner', 'stepsExecuted', 'completedAt', 'remainingMs'];
  expect(exempt.map(({ fieldPath }) => fieldPath)).toEqual(expect.arrayContaining(unasked));
});

test('what is deployed holds no rules, which would take the place of those of the team', () => {
  const { firestore } = z
    .object({ firestore: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(read('firebase.json')));

  expect(firestore).toEqual({ indexes: 'firestore.indexes.json' });
});

test('every collection of ours with an index can be read by super users, as the rules say', () => {
  const rules = read('firestore.rules');
  const ours = indexes.filter((index) => index.collectionGroup.startsWith('playbook'));
  for (const { collectionGroup } of ours) expect(rules).toContain(`match /${collectionGroup}/{document=**}`);
});
