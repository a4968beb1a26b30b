import { emulatorProject } from '#testing/runner/runner-databases.ts';
import { describeKills } from './kill.contract.ts';

describeKills(emulatorProject);
