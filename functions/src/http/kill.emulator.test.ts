import { emulatorProject } from '../testing/runner-databases.ts';
import { describeKills } from './kill.contract.ts';

describeKills(emulatorProject);
