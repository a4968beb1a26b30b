import { onSqlite } from './demo-stack.ts';
import { describeNewcomer } from './newcomer.contract.ts';

await describeNewcomer(onSqlite);
