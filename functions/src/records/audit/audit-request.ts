import { manualExecutionId } from '#engine/record/execution-id.ts';
import { jsonDigest } from '#core/json-digest.ts';
import { reachable } from '../store/reachable.ts';
import type { Actor, ChangeWorld } from './actor.ts';
import { AUDIT_LOG, commitAudited } from './audit-log.ts';

/** How many earlier entries of a person for an execution are searched; past that, a duplicate entry is acceptable. */
const EARLIER = 10;

/** An execution that a person requests of the runner. */
export interface RequestedExecution {
  readonly playbookId: string;
  readonly playbookName: string;
  /** As sent to the runner: the same id means the same execution. */
  readonly requestId: string;
  /** The names of the given inputs; their values are in the execution. */
  readonly inputs: readonly string[];
  /** The only address to notify; undefined: the recipients of the playbook. */
  readonly onlyTo: string | undefined;
}

/**
 * Records a request for an execution before the runner is called: every execution has its entry, but an entry may exist
 * whose execution the runner refused. An identical request of the same person is not recorded again, unless both are made
 * at the same moment. Throws like `commitAudited`.
 */
export async function auditRequest(
  world: ChangeWorld,
  actor: Actor,
  { playbookId, playbookName, requestId, inputs, onlyTo }: RequestedExecution,
): Promise<void> {
  const executionId = manualExecutionId(playbookId, requestId);
  const details = { playbookId, inputs: [...inputs], onlyTo: onlyTo ?? null };
  // A thread may have the same id, and others may have made this request, or different ones under the same id.
  const earlier = {
    collection: AUDIT_LOG,
    where: [
      { field: 'target.id', op: '==', value: executionId },
      { field: 'action', op: '==', value: 'execution_requested' },
      { field: 'by', op: '==', value: actor.email },
    ],
    limit: EARLIER,
  } as const;
  await commitAudited<void>(world, actor, async () => {
    const found = await reachable(world.documents.query(earlier));
    if (found.some(({ data }) => jsonDigest(data['details']) === jsonDigest(details))) {
      return { kind: 'unchanged', result: undefined };
    }
    return {
      kind: 'change',
      writes: [],
      action: {
        action: 'execution_requested',
        target: { kind: 'execution', id: executionId, name: playbookName },
        details,
      },
      result: undefined,
    };
  });
}
