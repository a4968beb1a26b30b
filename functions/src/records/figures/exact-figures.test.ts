import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { describeExactFigures } from './exact-figures.contract.ts';

describeExactFigures(() => sqliteDocuments({ file: ':memory:' }));
