import type { Documents } from '#ports/documents/documents.ts';
import { querySummaries, readSummary, type ExecutionSummary } from '#records/executions/execution-queries.ts';
import { loadStatistics } from '#records/figures/load-statistics.ts';
import type { PlaybookStatistics } from '#records/figures/playbook-statistics.ts';
import { PLAYBOOKS, readPlaybook, type PlaybookRecord } from '#records/playbooks/playbooks.ts';
import { queryPage, type Page } from '#records/store/query-page.ts';
import { ifReadable } from '#console/view/frame/part.ts';

/** A playbook with what its row shows; undefined: there is none, or it cannot be read. */
export interface ListedPlaybook {
  readonly record: PlaybookRecord;
  readonly statistics: PlaybookStatistics | undefined;
  readonly last: ExecutionSummary | undefined;
}

/** Each takes four documents, and the page one more to know whether it is the last. */
const PAGE_SIZE = 14;

/** One page of the playbooks, by id. Throws `input_invalid` for a cursor that this list never gave, and `unavailable`. */
export async function loadPlaybooks(documents: Documents, after: string | undefined): Promise<Page<ListedPlaybook>> {
  const request = { limit: PAGE_SIZE, after };
  const page = await queryPage(documents, { collection: PLAYBOOKS, orderBy: [] }, request, readPlaybook);
  const items = await Promise.all(
    page.items.map(async (record) => {
      const [statistics, last] = await Promise.all([
        ifReadable(loadStatistics(documents, record.id)),
        ifReadable(lastExecution(documents, record.id)),
      ]);
      return { record, statistics, last };
    }),
  );
  return { ...page, items };
}

async function lastExecution(documents: Documents, playbookId: string): Promise<ExecutionSummary | undefined> {
  const where = [{ field: 'playbookId', op: '==', value: playbookId }] as const;
  const [stored] = await querySummaries(documents, { where, limit: 1 });
  return stored === undefined ? undefined : readSummary(stored);
}
