import { sqliteFile } from '#testing/runner/runner-databases.ts';
import { describeEarlierRecords } from './earlier-records.contract.ts';

describeEarlierRecords(sqliteFile);
