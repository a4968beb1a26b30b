import { PlaybookError } from '#core/failure.ts';
import type { StoredDocument } from '#ports/documents/documents.ts';

/**
 * The shape in which this code writes records, as their field `format`; a record without one has the first. It grows with
 * every change that the code before would misread: that code then leaves the record alone.
 */
export const RECORD_FORMAT = 1;

/** Throws `record_from_newer_version` where a document was written in a later format than this code knows. */
export function refuseLaterFormat({ path, data }: Pick<StoredDocument, 'path' | 'data'>): void {
  const { format } = data;
  if (format === undefined || (typeof format === 'number' && format <= RECORD_FORMAT)) return;
  throw new PlaybookError(
    'record_from_newer_version',
    `${path} was written by a newer version of the playbook runner (format ${JSON.stringify(format)}; this one knows ` +
      `${RECORD_FORMAT}). Nothing of it was changed. Deploy the newer version here, too.`,
  );
}
