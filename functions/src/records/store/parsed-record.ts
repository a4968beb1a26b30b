import type { z } from 'zod';
import { PlaybookError } from '#core/failure.ts';
import { issuesInWords } from '#core/issues-in-words.ts';
import type { StoredDocument } from '#ports/documents/documents.ts';
import { fromDocument } from './document-json.ts';
import { refuseLaterFormat } from './record-format.ts';

/**
 * The record in a document, as a schema reads it; `defaults` replace missing fields. Throws
 * `internal`, naming the document and what is wrong with it, and `record_from_newer_version`.
 */
export function parsedRecord<Schema extends z.ZodType>(
  schema: Schema,
  stored: StoredDocument,
  defaults: Readonly<Record<string, unknown>> = {},
): z.output<Schema> {
  refuseLaterFormat(stored);
  const parsed = schema.safeParse({ ...defaults, ...fieldsOf(stored) });
  if (parsed.success) return parsed.data;
  throw new PlaybookError('internal', `The record ${stored.path} is not readable (${issuesInWords(parsed.error)}).`, {
    cause: parsed.error,
  });
}

/** The fields of a document, as before `toDocument`. */
function fieldsOf(stored: StoredDocument): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(stored.data).map(([name, value]) => [name, fromDocument(value)]));
}
