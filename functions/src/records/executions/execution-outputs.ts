import { createHash } from 'node:crypto';
import { startOf } from '#core/cut.ts';
import { PlaybookError } from '#core/failure.ts';
import { type Json, parseJson } from '#core/json.ts';
import type { PayloadRef } from '#engine/record/attempt.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { reachable } from '../store/reachable.ts';

/** A character takes at most 3 bytes here, so a part stays below the size limit of a field. */
const PART_CHARS = 300_000;
const PREVIEW_CHARS = 500;

/** Where an output is stored: the path that its digest is appended to, and what its parts say of themselves. */
interface OutputPlace {
  readonly path: string;
  readonly stepPath: string;
  readonly expireAt: Date;
}

/** Stores the JSON of an output in as many parts as it needs. Throws `unavailable`, and `internal` when it is refused. */
export async function saveOutputText(
  documents: Pick<Documents, 'commit'>,
  { path, stepPath, expireAt }: OutputPlace,
  json: string,
): Promise<PayloadRef> {
  const ref = refOf(path, json);
  const { bytes, sha256 } = ref;
  const parts = partsOf(json);
  for (const [part, text] of parts.entries()) {
    const data = { stepPath, bytes, sha256, part, parts: parts.length, json: text, expireAt };
    await reachable(documents.commit([{ kind: 'set', path: partPath(ref.path, part), data }]));
  }
  return ref;
}

/** The full output that a record refers to. Throws `internal` when it is not what was saved. */
export async function loadOutput(documents: Pick<Documents, 'get'>, ref: PayloadRef): Promise<Json> {
  return parseJson(await loadOutputText(documents, ref));
}

/** The JSON of an output. Throws like `loadOutput`. */
export async function loadOutputText(documents: Pick<Documents, 'get'>, ref: PayloadRef): Promise<string> {
  let json = '';
  for (let part = 0, parts = 1; part < parts; part += 1) {
    const stored = await reachable(documents.get(partPath(ref.path, part)));
    if (typeof stored?.data['json'] !== 'string' || typeof stored.data['parts'] !== 'number') throw damaged(ref);
    parts = stored.data['parts'];
    json += stored.data['json'];
  }
  if (hashOf(json) !== ref.sha256) throw damaged(ref);
  return json;
}

function hashOf(json: string): string {
  return createHash('sha256').update(json).digest('hex');
}

function refOf(path: string, json: string): PayloadRef {
  const sha256 = hashOf(json);
  return {
    path: `${path}@${sha256.slice(0, 16)}`,
    bytes: Buffer.byteLength(json),
    sha256,
    preview: startOf(json, PREVIEW_CHARS),
  };
}

function partPath(path: string, part: number): string {
  return part === 0 ? path : `${path}~${part}`;
}

/** Never cuts between the halves of a surrogate pair, which no database would accept alone. */
function partsOf(json: string): string[] {
  const parts: string[] = [];
  for (let start = 0; start < json.length;) {
    let end = Math.min(json.length, start + PART_CHARS);
    if (end < json.length && /[\uD800-\uDBFF]/.test(json.charAt(end - 1))) end -= 1;
    parts.push(json.slice(start, end));
    start = end;
  }
  return parts;
}

function damaged(ref: PayloadRef): PlaybookError {
  return new PlaybookError('internal', `The output at ${ref.path} is missing or is not what was saved.`);
}
