import { mkdtempSync, rmSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firestoreDocuments } from '#adapters/firestore/documents.ts';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import type { Documents } from '#ports/documents/documents.ts';

/** An empty database that a runner process and its test share. */
export interface RunnerDatabase {
  readonly documents: Documents;
  /** The variables with which a runner process finds it. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** A SQLite file in a separate folder. */
export function sqliteFile(): RunnerDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'playbook-runner-'));
  const file = join(folder, 'playbooks.db');
  const documents = sqliteDocuments({ file });
  return {
    documents,
    env: { PLAYBOOK_DATABASE: `sqlite:${file}` },
    async close() {
      await documents.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A separate project on the emulator that `FIRESTORE_EMULATOR_HOST` names. */
export function emulatorProject(): RunnerDatabase {
  const projectId = `demo-${randomUUID().slice(0, 13)}`;
  const documents = firestoreDocuments({ projectId });
  const FIRESTORE_EMULATOR_HOST = process.env['FIRESTORE_EMULATOR_HOST'] ?? '';
  return {
    documents,
    env: { PLAYBOOK_DATABASE: 'firestore', GOOGLE_CLOUD_PROJECT: projectId, FIRESTORE_EMULATOR_HOST },
    close: () => documents.close(),
  };
}
