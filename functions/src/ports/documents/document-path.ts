import { cut } from '#core/cut.ts';
import { DocumentsError } from './documents.ts';

const MAX_ID_BYTES = 1500;
const MAX_NAME_BYTES = 6 * 1024;

/** A path, split before its last segment. */
export interface DocumentPath {
  /** The path of the document's collection: `playbook_executions/abc/outputs`. */
  readonly collection: string;
  readonly id: string;
}

/**
 * Splits `collection/id` (or `collection/id/collection/id` …). Throws `invalid` if Firestore would refuse the path: an
 * odd number of segments, or a segment that is empty, `.`, `..`, `__reserved__`, malformed Unicode, or longer than
 * 1,500 bytes; a whole path longer than 6 KiB.
 */
export function parseDocumentPath(path: string): DocumentPath {
  const segments = checkedSegments(path, 'document');
  if (segments.length % 2 !== 0) {
    throw new DocumentsError(
      'invalid',
      `The document path ${shown(path)} names a collection; write collection/id, with as many ids as collections.`,
    );
  }
  const slash = path.lastIndexOf('/');
  return { collection: path.slice(0, slash), id: path.slice(slash + 1) };
}

/** Throws `invalid` unless `path` names a collection: `playbooks_internal`, `playbooks_internal/daily/versions`. */
export function checkCollectionPath(path: string): void {
  if (checkedSegments(path, 'collection').length % 2 === 0) {
    throw new DocumentsError('invalid', `The collection path ${shown(path)} names a document; remove the last id.`);
  }
}

/** Whether `name` has the form that Firestore reserves: `__anything__`. */
export function isReservedName(name: string): boolean {
  return name.length > 4 && name.startsWith('__') && name.endsWith('__');
}

function checkedSegments(path: string, kind: 'document' | 'collection'): readonly string[] {
  const segments = path.split('/');
  const reason = segments.map(segmentProblem).find((problem) => problem !== undefined) ?? nameProblem(path);
  if (reason !== undefined) {
    throw new DocumentsError('invalid', `The ${kind} path ${shown(path)} is invalid: ${reason}.`);
  }
  return segments;
}

function segmentProblem(segment: string): string | undefined {
  if (segment === '') return 'a segment is empty; an id must not be empty and must not contain a slash';
  if (segment === '.' || segment === '..') return `a segment is "${segment}", which is not allowed as an id`;
  if (isReservedName(segment))
    return `the segment "${shown(segment)}" is reserved; ids must not be of the form __name__`;
  if (!segment.isWellFormed()) return 'a segment contains a lone surrogate, which is not text';
  if (Buffer.byteLength(segment) > MAX_ID_BYTES) return `a segment is longer than ${MAX_ID_BYTES} bytes`;
  return undefined;
}

function nameProblem(path: string): string | undefined {
  return Buffer.byteLength(path) > MAX_NAME_BYTES ? `it is longer than ${MAX_NAME_BYTES} bytes` : undefined;
}

function shown(path: string): string {
  return cut(path, 120);
}
