import { onEmulator } from './demo-stack.ts';
import { describeNewcomer } from './newcomer.contract.ts';

await describeNewcomer(onEmulator);
