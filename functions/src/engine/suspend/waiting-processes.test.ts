import { sqliteFile } from '#testing/runner/runner-databases.ts';
import { describeWaitingProcesses } from './waiting-processes.contract.ts';

describeWaitingProcesses(sqliteFile);
