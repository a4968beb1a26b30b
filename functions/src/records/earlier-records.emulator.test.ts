import { emulatorProject } from '#testing/runner/runner-databases.ts';
import { describeEarlierRecords } from './earlier-records.contract.ts';

describeEarlierRecords(emulatorProject);
