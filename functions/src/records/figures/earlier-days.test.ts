import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { describeEarlierDays } from './earlier-days.contract.ts';

describeEarlierDays(() => sqliteDocuments({ file: ':memory:' }));
