import { sqliteFile } from '#testing/runner/runner-databases.ts';
import { describeKills } from './kill.contract.ts';

describeKills(sqliteFile);
