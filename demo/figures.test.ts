import { sqliteDocuments } from '../functions/src/adapters/sqlite/documents.ts';
import { describeFigures } from './figures.contract.ts';

describeFigures('SQLite', async () => sqliteDocuments({ file: ':memory:' }));
