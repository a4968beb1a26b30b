import { randomUUID } from 'node:crypto';
import { FieldValue, Firestore, GeoPoint, Timestamp } from '@google-cloud/firestore';
import { afterAll, expect, test } from 'vitest';
import { firestoreDocuments } from './documents.ts';

const projectId = 'demo-team-values';
const team = new Firestore({ projectId });
const documents = firestoreDocuments({ projectId });

afterAll(async () => {
  await Promise.all([team.terminate(), documents.close()]);
});

test('what a team keeps and a record cannot hold is read as plain values', async () => {
  const collection = `team_${randomUUID()}`;
  await team.doc(`${collection}/one`).set({
    place: new GeoPoint(52.5, 13.4),
    reference: team.doc('users/ann'),
    bytes: Buffer.from('hello'),
    vector: FieldValue.vector([1, 2.5]),
    precise: new Timestamp(1, 123_456_789),
    wrong: [NaN, Infinity, -0],
    nested: { inner: [{ at: new GeoPoint(0, 0) }] },
  });
  const expected = {
    place: { latitude: 52.5, longitude: 13.4 },
    reference: 'users/ann',
    bytes: 'aGVsbG8=',
    vector: [1, 2.5],
    precise: new Date('1970-01-01T00:00:01.123Z'),
    wrong: [null, null, 0],
    nested: { inner: [{ at: { latitude: 0, longitude: 0 } }] },
  };
  expect((await documents.get(`${collection}/one`))?.data).toEqual(expected);
  expect((await documents.query({ collection })).map(({ data }) => data)).toEqual([expected]);
});

test('update times keep every digit, and are those of the database', async () => {
  const path = `team_${randomUUID()}/one`;
  const updateTime = await documents.commit([{ kind: 'create', path, data: {} }]);
  const { updateTime: written } = await team.doc(path).get();
  expect(updateTime).toBe(`${written?.seconds}.${String(written?.nanoseconds).padStart(9, '0')}`);
});
