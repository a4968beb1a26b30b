import { sqliteFile } from '#testing/runner/runner-databases.ts';
import { describeEveryEnd } from './every-end.contract.ts';

describeEveryEnd(sqliteFile);
