import { resolve } from 'node:path';
import { firestoreDocuments } from '../functions/src/adapters/firestore/documents.ts';
import { requireGoogleCredentials } from '../functions/src/adapters/google-auth/credentials.ts';
import { sqliteDocuments } from '../functions/src/adapters/sqlite/documents.ts';
import { readConfig } from '../functions/src/config.ts';
import type { Documents } from '../functions/src/ports/documents.ts';
import { projectIdOf } from './google-project.ts';
import type { Terminal } from './terminal.ts';

/** A database that was opened, and how to name it to a person. */
export interface OpenDatabase {
  readonly documents: Documents;
  readonly name: string;
}

/**
 * The database that PLAYBOOK_DATABASE names: `firestore` (the default; the project as `projectIdOf` finds it) or
 * `sqlite:FILE`. Throws `ConfigError` for anything else, `unconfigured` without a project, `unauthenticated` without Google
 * credentials, `unavailable` without the file.
 */
export async function openDatabase(terminal: Terminal, project?: string): Promise<OpenDatabase> {
  const { database } = readConfig(terminal.env, { callers: false });
  if (database.kind === 'sqlite') {
    const file = database.file === ':memory:' ? database.file : resolve(terminal.directory, database.file);
    return { documents: sqliteDocuments({ file }), name: file };
  }
  const projectId = await projectIdOf(project, terminal);
  const { databaseId } = database;
  const emulator = terminal.env['FIRESTORE_EMULATOR_HOST'];
  const place = emulator ? `the Firestore emulator at ${emulator}` : 'Firestore';
  if (!emulator) {
    await requireGoogleCredentials(
      'PLAYBOOK_DATABASE=sqlite:.data/playbooks.db for the database of npm start, FIRESTORE_EMULATOR_HOST for the emulator',
    );
  }
  const documents = firestoreDocuments({ projectId, ...(databaseId === undefined ? {} : { databaseId }) });
  return { documents, name: `${place}, project ${projectId}` };
}
