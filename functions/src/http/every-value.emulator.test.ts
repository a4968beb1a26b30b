import { emulatorProject } from '../testing/runner-databases.ts';
import { describeEveryValue } from './every-value.contract.ts';

describeEveryValue(emulatorProject);
