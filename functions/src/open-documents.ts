import type { DatabaseConfig } from './config.ts';
import type { Documents } from '#ports/documents/documents.ts';

/** The documents port on the configured database. */
export async function openDocuments(database: DatabaseConfig, projectId: string | undefined): Promise<Documents> {
  if (database.kind === 'sqlite') {
    const { sqliteDocuments } = await import('#adapters/sqlite/documents.ts');
    return sqliteDocuments({ file: database.file });
  }
  const { firestoreDocuments } = await import('#adapters/firestore/documents.ts');
  return firestoreDocuments({
    ...(projectId === undefined ? {} : { projectId }),
    ...(database.databaseId === undefined ? {} : { databaseId: database.databaseId }),
  });
}
