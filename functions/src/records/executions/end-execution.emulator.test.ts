import { emulatorProject } from '#testing/runner/runner-databases.ts';
import { describeEndExecution } from './end-execution.contract.ts';

describeEndExecution(emulatorProject);
