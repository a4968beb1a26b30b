import { emulatorProject } from '#testing/runner/runner-databases.ts';
import { describeThreadDecisions } from './thread-decisions.contract.ts';

describeThreadDecisions(emulatorProject);
