import { sqliteFile } from '#testing/runner/runner-databases.ts';
import { describeEveryValue } from './every-value.contract.ts';

describeEveryValue(sqliteFile);
