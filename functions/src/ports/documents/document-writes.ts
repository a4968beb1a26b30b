import { parseDocumentPath } from './document-path.ts';
import { checkFieldPath, stringBytes, weighFields, weighValue } from './document-values.ts';
import type { Weight } from './document-values.ts';
import { DELETE_FIELD, DocumentsError } from './documents.ts';
import type { DocumentData, MergeChange, Write } from './documents.ts';

/** The most bytes that one document may have, on both databases: Firestore's limit. */
export const MAX_DOCUMENT_BYTES = 1024 * 1024;

/**
 * The most that one commit may weigh. Production takes 10 MiB, the emulator 4 MiB, both including the encoding; an
 * oversize commit is repeated by Google's client for ten minutes before it fails. One bound below the smaller of the
 * two holds everywhere, so that what runs on a laptop runs in the cloud and the other way round.
 */
const MAX_COMMIT_BYTES = 3.5 * 1024 * 1024;

/** What the encoding adds for each value, at most: tags and lengths of the value, its name and the messages around them. */
const ENCODING_BYTES_PER_VALUE = 12;

/** One checked write, with what it weighs by Firestore's formula. */
export interface CheckedWrite {
  readonly write: Write;
  readonly collection: string;
  readonly id: string;
  /** Of a document that is created or set: its whole size. Of an update or merge: the most by which its fields grow. */
  readonly bytes: number;
}

/**
 * Checks everything about a commit that can be known before it is sent.
 * Throws `invalid`, naming document and field: for values that Firestore refuses (see `weighFields`), a document over
 * 1 MiB, a commit over 3.5 MiB, no write at all, an update or merge without a change, two changes of which one contains
 * the other, an increment that is not a finite number, two writes to one document.
 */
export function checkWrites(writes: readonly Write[]): readonly CheckedWrite[] {
  if (writes.length === 0) throw new DocumentsError('invalid', 'A commit needs at least one write, and there is none.');
  const weight: Weight = { bytes: 0, values: 0 };
  const checked = writes.map((write) => checkWrite(write, weight));
  if (checked.length > 1) checkPathsDiffer(writes);
  const bytes = weight.bytes + weight.values * ENCODING_BYTES_PER_VALUE;
  if (bytes > MAX_COMMIT_BYTES) {
    throw new DocumentsError(
      'invalid',
      `A commit of ${writes.length} writes takes about ${bytes} bytes, more than the ${MAX_COMMIT_BYTES} that may be sent at once; split it.`,
    );
  }
  return checked;
}

/** The bytes of a document that holds nothing: its name and the fixed part. */
function emptyDocumentBytes(path: string): number {
  // Every segment counts its bytes + 1: that is the path with its slashes, and one more.
  return stringBytes(path) + 16 + 32;
}

/** Throws `invalid` when a document of this size is beyond the limit. */
export function checkDocumentBytes(path: string, bytes: number): void {
  if (bytes <= MAX_DOCUMENT_BYTES) return;
  throw new DocumentsError(
    'invalid',
    `${path} would take ${bytes} bytes, more than the ${MAX_DOCUMENT_BYTES} that a document may have; move what is large to a document of its own.`,
  );
}

/** The whole size of a document by Firestore's formula. Throws `invalid` as `weighFields` does. */
export function weighDocument(path: string, data: DocumentData): number {
  const weight: Weight = { bytes: emptyDocumentBytes(path), values: 0 };
  weighFields(data, path, weight);
  return weight.bytes;
}

type ChangingWrite = Extract<Write, { readonly changes: unknown }>;

const NAME: Readonly<Record<ChangingWrite['kind'], string>> = { update: 'an update', merge: 'a merge' };

function checkWrite(write: Write, weight: Weight): CheckedWrite {
  const { collection, id } = parseDocumentPath(write.path);
  const before = weight.bytes;
  if (write.kind === 'create' || write.kind === 'set') {
    weight.bytes += emptyDocumentBytes(write.path);
    weighFields(write.data, write.path, weight);
    checkDocumentBytes(write.path, weight.bytes - before);
  } else if (write.kind === 'update' || write.kind === 'merge') {
    checkChanges(write, weight);
  }
  return { write, collection, id, bytes: weight.bytes - before };
}

function checkChanges({ path, kind, changes }: ChangingWrite, weight: Weight): void {
  if (changes.length === 0) throw new DocumentsError('invalid', `${path}: ${NAME[kind]} needs at least one change.`);
  for (const change of changes) {
    checkFieldPath(change.field, path);
    for (const name of change.field) weight.bytes += stringBytes(name);
    if ('increment' in change) weighIncrement(path, change, weight);
    else if (change.value !== DELETE_FIELD) weighValue(change.field, change.value, path, weight);
  }
  if (changes.length > 1) checkChangesDiffer(path, NAME[kind], changes);
}

function weighIncrement(
  path: string,
  change: Extract<MergeChange, { readonly increment: number }>,
  weight: Weight,
): void {
  // A value beside it would be lost silently, and what arrives at run time is not always what the types promise.
  if ('value' in change || typeof change.increment !== 'number') {
    throw new DocumentsError(
      'invalid',
      `${path}: the field ${change.field.join('.')} is to be incremented; that takes a number and no value.`,
    );
  }
  weighValue(change.field, change.increment, path, weight);
}

function checkChangesDiffer(path: string, name: string, changes: readonly MergeChange[]): void {
  const seen = new Set<string>();
  for (const { field } of changes) {
    const key = JSON.stringify(field);
    if (seen.has(key)) {
      throw new DocumentsError('invalid', `${path}: ${name} changes the field ${field.join('.')} twice.`);
    }
    seen.add(key);
  }
  for (const { field } of changes) {
    for (let length = 1; length < field.length; length += 1) {
      if (!seen.has(JSON.stringify(field.slice(0, length)))) continue;
      const outer = field.slice(0, length).join('.');
      throw new DocumentsError(
        'invalid',
        `${path}: ${name} changes ${outer} and ${field.join('.')} inside it; change one of the two.`,
      );
    }
  }
}

function checkPathsDiffer(writes: readonly Write[]): void {
  const paths = new Set<string>();
  for (const { path } of writes) {
    if (paths.has(path)) {
      throw new DocumentsError('invalid', `A commit writes ${path} twice; put both into one write.`);
    }
    paths.add(path);
  }
}
