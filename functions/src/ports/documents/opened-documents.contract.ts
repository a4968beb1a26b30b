import { type Documents, DocumentsError, type DocumentsErrorCode } from './documents.ts';

/** What the parts of the suite work with: two connections to one database. */
export interface Opened {
  readonly documents: Documents;
  readonly other: Documents;
}

/** The code of the `DocumentsError` that `action` rejects with; `none` where it does not reject. */
export async function codeOf(action: Promise<unknown>): Promise<DocumentsErrorCode | 'none'> {
  try {
    await action;
    return 'none';
  } catch (error) {
    if (error instanceof DocumentsError) return error.code;
    throw error;
  }
}
