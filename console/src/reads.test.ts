import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { describeReads } from './reads.contract.ts';

describeReads(() => sqliteDocuments({ file: ':memory:' }));
