import { durationMs } from '#core/duration.ts';
import { isJsonObject, type JsonObject } from '#core/json.ts';
import type { Playbook } from '#language/playbook/playbook.ts';
import { namedAgents } from './named-agents.ts';
import type { Execution, Lease, RunningExecution } from './record/execution.ts';
import type { Occasion } from './record/occasion.ts';
import type { Engine } from './state/run-state.ts';

/** What is to run, and why. */
export type ExecutionRequest = Occasion & {
  readonly id: string;
  readonly playbook: Playbook;
  readonly version: string;
  readonly window: { readonly start: Date; readonly end: Date };
  /** The slot is none at which the playbook is due. */
  readonly offSchedule?: boolean;
  /** The value of every input of the playbook, checked; none where it has no inputs. */
  readonly inputs?: JsonObject;
  /** The only address that is notified, regardless of the recipients in the playbook. */
  readonly onlyTo?: string;
  /** Of what a person said to start it: the same id with another digest is another request. */
  readonly requestSha256?: string;
  /** Called whenever a step begins, tries or ends; must not throw. */
  readonly onProgress?: (execution: Execution) => void;
};

/** The fields that every record of this request has, whatever its outcome. Secrets in them are redacted: callers may have sent some. */
export function executionHeader(
  request: ExecutionRequest,
  engine: Pick<Engine, 'clock' | 'redact' | 'stepTypes' | 'retentionMs'>,
) {
  const { id, playbook, version, window, onlyTo, offSchedule, requestSha256 } = request;
  const { redact } = engine;
  const now = engine.clock.now();
  const inputs = redact.json(request.inputs ?? {});
  const labels = Object.entries(playbook.labels ?? {}).map(([name, value]) => [name, redact.text(value)]);
  return {
    id,
    playbookId: playbook.id,
    playbookName: redact.text(playbook.name),
    version,
    ...redactedOccasion(request, redact.text),
    labels: Object.fromEntries(labels),
    inputs: isJsonObject(inputs) ? inputs : {},
    ...(onlyTo === undefined ? {} : { onlyTo: redact.text(onlyTo) }),
    ...(offSchedule === true ? { offSchedule } : {}),
    ...(requestSha256 === undefined ? {} : { requestSha256 }),
    agents: namedAgents(playbook, engine.stepTypes),
    window: { ...window },
    startedAt: now,
    expireAt: new Date(now.getTime() + engine.retentionMs),
    stepsExecuted: 0 as const,
    steps: {},
  };
}

function redactedOccasion(request: ExecutionRequest, redact: (text: string) => string): Occasion {
  if (request.slot === null) {
    const { slot, trigger } = request;
    return { slot, trigger: trigger.by === undefined ? trigger : { ...trigger, by: redact(trigger.by) } };
  }
  const { slot, trigger } = request;
  return { slot, trigger: trigger.jobName === undefined ? trigger : { ...trigger, jobName: redact(trigger.jobName) } };
}

/** The execution as it begins, before anybody knows whether its slot is still free. */
export function newExecution(request: ExecutionRequest, engine: Engine): RunningExecution {
  const header = executionHeader(request, engine);
  return {
    ...header,
    status: 'running',
    deadlineAt: new Date(header.startedAt.getTime() + durationMs(request.playbook.deadline)),
    lease: firstLease(engine),
    wakeAt: new Date(header.startedAt.getTime() + engine.leaseMs),
  };
}

/** The lease of a runner that no other has had before it. */
export function firstLease({ newOwner, leaseMs }: Pick<Engine, 'newOwner' | 'leaseMs'>): Lease {
  const owner = newOwner();
  return { owner, nonce: `${owner}:0`, durationMs: leaseMs, takeovers: 0, interruptions: 0 };
}
