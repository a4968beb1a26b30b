import { executionIdOf } from '../engine/execution-id.ts';
import type { Trigger } from '../engine/execution.ts';
import type { ExecutionRequest } from '../engine/run-execution.ts';
import { windowOf } from '../engine/schedule.ts';
import type { PlaybookRecord } from './playbooks.ts';

/** Why a playbook is to run now. */
export interface Occasion {
  /** Null: by hand. */
  readonly slot: Date | null;
  readonly trigger: Trigger;
  readonly now: Date;
  /** A random id, for an execution that has no slot. */
  readonly newId: () => string;
}

/** What is to run of a playbook as it stands. */
export function executionRequest(record: PlaybookRecord, { slot, trigger, now, newId }: Occasion): ExecutionRequest {
  return {
    id: executionIdOf(record.id, slot, newId),
    playbook: record.definition,
    version: record.version,
    slot,
    trigger,
    window: windowOf(record.definition.schedule, slot, now),
  };
}
