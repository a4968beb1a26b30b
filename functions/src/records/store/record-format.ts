import { PlaybookError } from '#core/failure.ts';
import type { StoredDocument } from '#ports/documents/documents.ts';

/**
 * The latest version of the format of records that this code reads and writes, in their field `format`; a record without it
 * has the first. It increases with every change that earlier code would misread: that code then leaves the record unchanged.
 *
 * 2: executions that wait, were cancelled, or have steps beside each other.
 */
export const RECORD_FORMAT = 2;

/** The format of a record that says nothing that the first versions would misread: they may go on with it. */
export const FIRST_FORMAT = 1;

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
