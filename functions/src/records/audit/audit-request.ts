import { manualExecutionId } from '#engine/record/execution-id.ts';
import { jsonDigest } from '#core/json-digest.ts';
import { reachable } from '../store/reachable.ts';
import type { Actor, ChangeWorld } from './actor.ts';
import { AUDIT_LOG, commitAudited } from './audit-log.ts';

/** So many entries of one person for one execution are looked through; beyond them it is rather recorded twice. */
const EARLIER = 10;

/** What a person asks the runner for. */
export interface RequestedExecution {
  readonly playbookId: string;
  readonly playbookName: string;
  /** As the runner gets it: the same id is the same execution. */
  readonly requestId: string;
  /** The names of the inputs that were given; what they hold stands in the execution. */
  readonly inputs: readonly string[];
  /** The one address that is told anything; undefined: whoever the playbook says. */
  readonly onlyTo: string | undefined;
}

/**
 * Puts down that somebody asks for an execution, before the runner is asked: there is no execution without its entry, but
 * there may be an entry whose execution the runner refused. Repeated by the same person as it was, it is not recorded again,
 * unless that happens in the same moment. Throws like `commitAudited`.
 */
export async function auditRequest(
  world: ChangeWorld,
  actor: Actor,
  { playbookId, playbookName, requestId, inputs, onlyTo }: RequestedExecution,
): Promise<void> {
  const executionId = manualExecutionId(playbookId, requestId);
  const details = { playbookId, inputs: [...inputs], onlyTo: onlyTo ?? null };
  // The id of an execution may be that of a thread, and somebody else may have asked for it, or for something else under it.
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
