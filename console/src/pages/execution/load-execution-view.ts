import type { Execution } from '#engine/record/execution.ts';
import { ifReadable } from '#console/view/frame/part.ts';
import type { Playbook } from '#language/playbook/playbook.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { lastGoodExecution } from '#records/executions/execution-queries.ts';
import { listNotifications, type ListedNotification } from '#records/notifications/notifications.ts';
import { loadVersion, loadVersionSource } from '#records/playbooks/playbooks.ts';
import type { Page } from '#records/store/query-page.ts';
import type { SeenExecution } from '#records/executions/seen-execution.ts';
import { listThreads, type ListedThread } from '#records/threads/thread-queries.ts';

/** Everything that the page of one execution shows. */
export interface ExecutionView {
  readonly execution: SeenExecution;
  /** The definition that it ran; undefined where it is no longer kept or cannot be read. */
  readonly definition: Playbook | undefined;
  /** The same as YAML. */
  readonly source: string | undefined;
  readonly messages: Page<ListedNotification>;
  readonly threads: Page<ListedThread>;
  /** The last execution of the playbook before this one that succeeded; undefined also where nothing is compared. */
  readonly lastGood: Execution | undefined;
  /** The YAML that that one ran, where it was another version. */
  readonly lastGoodSource: string | undefined;
}

const MAX_MESSAGES = 25;
const MAX_THREADS = 20;

/**
 * What belongs to an execution, in at most 52 documents. A damaged record leaves its part of the page empty. Throws
 * `unavailable`, `unauthenticated`.
 */
export async function loadExecutionView(documents: Documents, execution: SeenExecution): Promise<ExecutionView> {
  const { id, playbookId, version, startedAt, status } = execution;
  const isCompared = status === 'succeeded' || status === 'failed';
  const [definition, source, messages, threads, lastGood] = await Promise.all([
    ifReadable(loadVersion(documents, playbookId, version)),
    ifReadable(loadVersionSource(documents, playbookId, version)),
    listNotifications(documents, { executionId: id }, { limit: MAX_MESSAGES }),
    listThreads(documents, { executionId: id }, { limit: MAX_THREADS }),
    isCompared ? ifReadable(lastGoodExecution(documents, playbookId, startedAt)) : undefined,
  ]);
  const isOtherVersion = lastGood !== undefined && lastGood.version !== version;
  const lastGoodSource = isOtherVersion
    ? await ifReadable(loadVersionSource(documents, playbookId, lastGood.version))
    : undefined;
  return {
    execution,
    definition,
    source: source?.source,
    messages,
    threads,
    lastGood,
    lastGoodSource: lastGoodSource?.source,
  };
}
