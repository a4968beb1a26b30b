import { emulatorProject } from '#testing/runner/runner-databases.ts';
import { describeAuditLog } from './audit-log.contract.ts';

describeAuditLog(emulatorProject);
