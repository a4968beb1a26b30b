import type { Documents } from '#ports/documents/documents.ts';
import { findDocument } from '#records/store/find-document.ts';
import { listExecutions } from '#records/executions/list-executions.ts';
import { loadStatistics } from '#records/figures/load-statistics.ts';
import { PLAYBOOKS, readPlaybook, type PlaybookRecord } from '#records/playbooks/playbooks.ts';
import { listThreads, type ListedThread } from '#records/threads/thread-queries.ts';
import { ifReadable } from '#console/view/frame/part.ts';
import type { PlaybookRequest, PlaybookView, SwitchRefusal } from './playbook-view.ts';

const EXECUTIONS_SHOWN = 10;
const THREADS_SHOWN = 10;

/** The playbook of an id that somebody may have typed; undefined where there is none. Throws `invalid_playbook`, `unavailable`. */
export async function findPlaybook(documents: Documents, id: string): Promise<PlaybookRecord | undefined> {
  const stored = await findDocument(documents, PLAYBOOKS, id);
  return stored === undefined ? undefined : readPlaybook(stored);
}

/** A playbook with what stands around it, in at most 36 documents; undefined where there is none. Throws like `findPlaybook`. */
export async function loadPlaybookView(
  documents: Documents,
  request: PlaybookRequest,
  refused: SwitchRefusal | undefined,
): Promise<PlaybookView | undefined> {
  const record = await findPlaybook(documents, request.id);
  if (record === undefined) return undefined;
  const [statistics, executions, open, awaiting] = await Promise.all([
    ifReadable(loadStatistics(documents, request.id)),
    listExecutions(documents, { playbookId: request.id }, { limit: EXECUTIONS_SHOWN }),
    threadsIn(documents, request.id, 'open'),
    threadsIn(documents, request.id, 'awaiting_approval'),
  ]);
  const threads = [...awaiting, ...open].slice(0, THREADS_SHOWN);
  return { ...request, record, statistics, executions, threads, refused };
}

async function threadsIn(
  documents: Documents,
  playbookId: string,
  state: 'open' | 'awaiting_approval',
): Promise<readonly ListedThread[]> {
  return (await listThreads(documents, { playbookId, state }, { limit: THREADS_SHOWN })).items;
}
