import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { describeFigures } from './figures.contract.ts';

describeFigures('SQLite', async () => sqliteDocuments({ file: ':memory:' }));
