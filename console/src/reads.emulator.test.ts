import { emulatorProject } from '../../functions/src/testing/runner-databases.ts';
import { describeReads } from './reads.contract.ts';

describeReads(() => emulatorProject().documents);
