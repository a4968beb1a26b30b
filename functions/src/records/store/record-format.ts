import { PlaybookError } from '#core/failure.ts';
import type { StoredDocument } from '#ports/documents/documents.ts';

/**
 * The version of the format in which this code writes records, in their field `format`; a record without it has the first. It
 * increases with every change that earlier code would misread: that code then leaves the record unchanged.
 */
export const RECORD_FORMAT = 1;

/** Throws `record_from_newer_version` where a document was written in a later format than this code knows. */
export function refuseLaterFormat({ path, data }: Pick<StoredDocument, 'path' | 'data'>): void {
  const { format } = data;
  if (format === undefined || (typeof format === 'number' && format <= RECORD_FORMAT)) return;
  throw new PlaybookError(
    'record_from_newer_version',
    `${path} was written by a newer version of the playbook runner (format ${JSON.stringify(format)}; this one knows ` +
      `${RECORD_FORMAT}). It was not changed. Deploy the newer version here, too.`,
  );
}
