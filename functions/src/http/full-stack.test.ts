import { sqliteFile } from '#testing/runner/runner-databases.ts';
import { describeFullStack } from './full-stack.contract.ts';

describeFullStack(sqliteFile);
