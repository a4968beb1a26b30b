import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeDocuments } from '#ports/documents/documents.contract.ts';
import { sqliteDocuments } from './documents.ts';

const file = join(mkdtempSync(join(tmpdir(), 'documents-')), 'contract.sqlite');
describeDocuments('documents in a SQLite file', async () => sqliteDocuments({ file }));
