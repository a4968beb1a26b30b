import { z } from 'zod';
import { PlaybookError } from '#core/failure.ts';
import { isReservedName } from '#ports/documents/document-path.ts';
import type { Scalar } from '#ports/documents/document-query.ts';

/** Where a page ended: the values of the ordered fields of its last document, and that document's id. */
export interface PagePosition {
  readonly values: readonly Scalar[];
  readonly id: string;
}

const MAX_CURSOR_CHARS = 4_000;
const EARLIEST_MS = Date.parse('0001-01-01T00:00:00.000Z');
const LATEST_MS = Date.parse('9999-12-31T23:59:59.999Z');

const Text = z.string().refine((text) => text.isWellFormed());
const Instant = z.strictObject({ at: z.int().min(EARLIEST_MS).max(LATEST_MS) }).transform(({ at }) => new Date(at));
const Position = z.strictObject({
  values: z.array(z.union([z.null(), z.boolean(), z.number(), Text, Instant])),
  id: Text.refine((id) => id !== '' && id.length <= 1_500 && !/^\.{1,2}$|\//.test(id) && !isReservedName(id)),
});

/** The end of a page as text for a URL: letters, digits, `-` and `_`. It is neither secret nor signed. */
export function encodeCursor({ values, id }: PagePosition): string {
  const written = values.map((value) => (value instanceof Date ? { at: value.getTime() } : value));
  return Buffer.from(JSON.stringify({ values: written, id })).toString('base64url');
}

/**
 * The position that `encodeCursor` was given, to continue after it: a `startAfter` with `length` values. Throws
 * `input_invalid` for any other text, whatever its origin.
 */
export function decodeCursor(text: string, length: number): PagePosition {
  const position = Position.safeParse(text.length <= MAX_CURSOR_CHARS ? parsed(text) : undefined);
  if (position.success && position.data.values.length === length) return position.data;
  throw new PlaybookError(
    'input_invalid',
    'This page link is invalid or belongs to another list. Start again at the first page.',
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}
