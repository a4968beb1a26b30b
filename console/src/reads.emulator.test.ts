import { emulatorProject } from '#testing/runner/runner-databases.ts';
import { describeReads } from './reads.contract.ts';

describeReads(() => emulatorProject().documents);
