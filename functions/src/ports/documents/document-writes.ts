import { parseDocumentPath } from './document-path.ts';
import { checkFieldPath, stringBytes, weighFields, weighValue, type Weight } from './document-values.ts';
import { DELETE_FIELD, DocumentsError, type DocumentData, type MergeChange, type Write } from './documents.ts';

/** The maximum size of a document in bytes, on both databases: Firestore's limit. */
export const MAX_DOCUMENT_BYTES = 1024 * 1024;

/**
 * The maximum size of a commit. Production accepts 10 MiB, the emulator 4 MiB, both including the encoding; Google's
 * client repeats an oversized commit for ten minutes before it fails. One limit below the smaller of the two applies
 * everywhere, so that laptop and cloud behave alike.
 */
const MAX_COMMIT_BYTES = 3.5 * 1024 * 1024;

/** The maximum that the encoding adds per value: tags and lengths of the value, its name and the enclosing messages. */
const ENCODING_BYTES_PER_VALUE = 12;

/** One checked write, with its size by Firestore's formula. */
export interface CheckedWrite {
  readonly write: Write;
  readonly collection: string;
  readonly id: string;
  /**
   * For a document that is created or set, its whole size; for an update or merge, the most by which its fields may
   * grow.
   */
  readonly bytes: number;
}

/**
 * Checks everything about a commit that can be known before it is sent.
 * Throws `invalid`, naming document and field: for values that Firestore refuses (see `weighFields`), a document over
 * 1 MiB, a commit over 3.5 MiB, no write at all, an update or merge without a change, two changes of which one contains
 * the other, an increment that is not a finite number, two writes to one document.
 */
export function checkWrites(writes: readonly Write[]): readonly CheckedWrite[] {
  if (writes.length === 0) throw new DocumentsError('invalid', 'A commit needs at least one write, but has none.');
  const weight: Weight = { bytes: 0, values: 0 };
  const checked = writes.map((write) => checkWrite(write, weight));
  if (checked.length > 1) checkPathsDiffer(writes);
  const bytes = weight.bytes + weight.values * ENCODING_BYTES_PER_VALUE;
  if (bytes > MAX_COMMIT_BYTES) {
    throw new DocumentsError(
      'invalid',
      `A commit of ${writes.length} writes takes about ${bytes} bytes, but at most ${MAX_COMMIT_BYTES} can be sent at once; split it.`,
    );
  }
  return checked;
}

/** The size of an empty document: its name and the fixed part. */
function emptyDocumentBytes(path: string): number {
  // Every segment counts its bytes + 1: that is the path with its slashes, and one more.
  return stringBytes(path) + 16 + 32;
}

/** Throws `invalid` if a document of this size exceeds the limit. */
export function checkDocumentBytes(path: string, bytes: number): void {
  if (bytes <= MAX_DOCUMENT_BYTES) return;
  throw new DocumentsError(
    'invalid',
    `${path} would take ${bytes} bytes, but a document may take at most ${MAX_DOCUMENT_BYTES}; move large parts to a separate document.`,
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
  // A value next to it would be lost silently, and values at run time do not always match the types.
  if ('value' in change || typeof change.increment !== 'number') {
    throw new DocumentsError(
      'invalid',
      `${path}: the field ${change.field.join('.')} is to be incremented, which takes a number and no value.`,
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
      throw new DocumentsError('invalid', `A commit writes ${path} twice; combine both in one write.`);
    }
    paths.add(path);
  }
}
