import { resolve } from 'node:path';
import { firestoreDocuments } from '#adapters/firestore/documents.ts';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { readConfig } from '#functions/config.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { requireFirestore } from '../cloud/firestore-access.ts';
import { projectIdOf } from '../cloud/google-project.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** The option of every command that opens the team's database, for `openDatabase`. */
export const PROJECT_OPTION = {
  value: 'PROJECT',
  help: 'The Google Cloud project of Firestore, or an alias from .firebaserc.',
} as const;

/** An open database, and its name for people. */
export interface OpenDatabase {
  readonly documents: Documents;
  readonly name: string;
}

/**
 * The database that PLAYBOOK_DATABASE names: `firestore` (the default; the project as `projectIdOf` finds it) or
 * `sqlite:FILE`. Throws `unconfigured` for anything else and without a project, `unauthenticated` without Google
 * credentials, `unavailable` without the file or if the emulator does not answer.
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
  await requireFirestore(terminal.env);
  const documents = firestoreDocuments({ projectId, ...(databaseId === undefined ? {} : { databaseId }) });
  return { documents, name: `${place}, project ${projectId}` };
}
