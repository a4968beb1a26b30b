import type * as Admin from 'firebase-admin/firestore';
import type { DocumentData, DocumentValue, StoredDocument, UpdateTime } from '#ports/documents/documents.ts';

type Sdk = typeof Admin;

/** A document as read, in the port's form. */
export function storedDocument(
  snapshot: Admin.DocumentSnapshot,
  updateTime: Admin.Timestamp,
  readTime: Admin.Timestamp,
  sdk: Sdk,
): StoredDocument {
  return {
    path: snapshot.ref.path,
    id: snapshot.id,
    data: plainMap(snapshot.data() ?? {}, sdk),
    updateTime: asUpdateTime(updateTime),
    updatedAt: updateTime.toDate(),
    readAt: readTime.toDate(),
  };
}

/** The exact time as text, including nanoseconds. */
export function asUpdateTime(time: Admin.Timestamp): UpdateTime {
  return `${time.seconds}.${String(time.nanoseconds).padStart(9, '0')}`;
}

/** The time from a token of `asUpdateTime`; undefined for a token that is not from Firestore. */
export function asTimestamp(updateTime: UpdateTime, sdk: Sdk): Admin.Timestamp | undefined {
  const match = /^(-?\d{1,12})\.(\d{9})$/.exec(updateTime);
  return match === null ? undefined : new sdk.Timestamp(Number(match[1]), Number(match[2]));
}

function plainMap(map: Readonly<Record<string, unknown>>, sdk: Sdk): DocumentData {
  const copy: Record<string, DocumentValue> = {};
  for (const name of Object.keys(map)) copy[name] = plain(map[name], sdk);
  return copy;
}

/**
 * Our own documents contain JSON and instants. The team's may contain anything, and reading them must not fail: a
 * location becomes `{ latitude, longitude }`, a reference its path, bytes base64, a vector a list, NaN and infinities
 * null.
 */
function plain(value: unknown, sdk: Sdk): DocumentValue {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  // Adding 0 turns -0, which JSON does not have, into 0.
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value)) return value.map((element: unknown) => plain(element, sdk));
  if (value instanceof sdk.Timestamp) return value.toDate();
  return plainObject(value, sdk);
}

function plainObject(value: object, sdk: Sdk): DocumentValue {
  if (value instanceof sdk.GeoPoint) return { latitude: value.latitude, longitude: value.longitude };
  if (value instanceof sdk.DocumentReference) return value.path;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if ('toArray' in value && typeof value.toArray === 'function') return plain(value.toArray(), sdk);
  return plainMap(Object.fromEntries(Object.entries(value)), sdk);
}
