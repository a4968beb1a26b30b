import { sqliteFile } from '../testing/runner-databases.ts';
import { describeEveryEnd } from './every-end.contract.ts';

describeEveryEnd(sqliteFile);
