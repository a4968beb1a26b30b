import type { Execution } from '#engine/record/execution.ts';
import type { Trigger } from '#engine/record/occasion.ts';
import { PlaybookError } from '#core/failure.ts';
import type { StoredDocument, Documents, Where } from '#ports/documents/documents.ts';
import { facetsOf, wantedFacets, type FacetFilter } from './execution-facets.ts';
import { querySummaries, readSummary, type ExecutionListing, type ExecutionSummary } from './execution-queries.ts';
import { decodeCursor, encodeCursor } from '../store/page-cursor.ts';
import type { PageRequest } from '../store/query-page.ts';
import { readOne, type UnreadableRecord } from '../store/read-each.ts';

/** The maximum number of documents that one page reads, whatever the filter. */
const MAX_SCANNED = 50;

/** Which executions to list; they must meet all conditions. */
export interface ExecutionFilter extends FacetFilter {
  readonly playbookId?: string | undefined;
  readonly status?: Execution['status'] | undefined;
  readonly trigger?: Trigger['kind'] | undefined;
  /** Begun at this instant or later. */
  readonly from?: Date | undefined;
  /** Begun before this instant. */
  readonly to?: Date | undefined;
}

/** One page, the latest first. */
export interface ExecutionPage extends ExecutionListing {
  /** The `after` of the next page; undefined at the end. The last page may turn out to be empty. */
  readonly next: string | undefined;
  /**
   * Set where the page is shorter than its limit although the list continues: everything back to the executions that began
   * at this instant has been searched, and `next` searches further.
   */
  readonly scannedUntil: Date | undefined;
}

/**
 * One page of the executions that match the filter, in one query of at most 50 documents without their payloads.
 * The database filters by the most selective condition, this function by the rest, so that few indexes are needed.
 * Throws `input_invalid` for an invalid cursor or limit, and `unavailable`.
 */
export async function listExecutions(
  documents: Documents,
  filter: ExecutionFilter,
  { limit, after }: PageRequest,
): Promise<ExecutionPage> {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_SCANNED) {
    throw new PlaybookError('input_invalid', `A page has 1 to ${MAX_SCANNED} executions, not ${limit}.`);
  }
  const { where, passes } = plan(filter);
  const asked = passes === undefined ? Math.min(limit + 1, MAX_SCANNED) : MAX_SCANNED;
  const startAfter = after === undefined ? {} : { startAfter: decodeCursor(after, 1) };
  const found = await querySummaries(documents, { where, limit: asked, ...startAfter });

  const { executions, unreadable, scanned } = sift(found, passes, limit);
  const last = found[scanned - 1];
  const goesOn = last !== undefined && (scanned < found.length || found.length === asked);
  const beganAt = last?.data['startedAt'];
  return {
    executions,
    unreadable,
    next: goesOn && beganAt instanceof Date ? encodeCursor({ values: [beganAt], id: last.id }) : undefined,
    scannedUntil:
      goesOn && beganAt instanceof Date && executions.length + unreadable.length < limit ? beganAt : undefined,
  };
}

type Passes = (execution: ExecutionSummary) => boolean;

interface Plan {
  readonly where: readonly Where[];
  /** The conditions that the database does not check; undefined where none are left. */
  readonly passes: Passes | undefined;
}

/**
 * A query can combine equalities, but has room for one facet only: words are more selective than a playbook, and the executions
 * of one playbook hardly differ in labels and agents, so a label or an agent is queried only without a playbook.
 */
function plan(filter: ExecutionFilter): Plan {
  const facets = wantedFacets(filter);
  const [first] = facets;
  const within = boundsOf(filter);
  const equal = equalities(filter);
  if (first === undefined || (filter.playbookId !== undefined && !first.startsWith('word:'))) {
    return { where: [...equal, ...within], passes: facets.length === 0 ? undefined : sieve(filter, facets) };
  }
  const left = facets.slice(1);
  return {
    where: [{ field: 'facets', op: 'array-contains', value: first }, ...within],
    passes: left.length === 0 && equal.length === 0 ? undefined : sieve(filter, left),
  };
}

function sieve({ playbookId, status, trigger }: ExecutionFilter, facets: readonly string[]): Passes {
  return (execution) => {
    const own = new Set(facetsOf(execution));
    return (
      facets.every((facet) => own.has(facet)) &&
      (playbookId === undefined || execution.playbookId === playbookId) &&
      (status === undefined || execution.status === status) &&
      (trigger === undefined || execution.trigger.kind === trigger)
    );
  };
}

function boundsOf({ from, to }: ExecutionFilter): Where[] {
  const where: Where[] = [];
  if (from !== undefined) where.push({ field: 'startedAt', op: '>=', value: from });
  if (to !== undefined) where.push({ field: 'startedAt', op: '<', value: to });
  return where;
}

function equalities({ playbookId, status, trigger }: ExecutionFilter): Where[] {
  const where: Where[] = [];
  if (playbookId !== undefined) where.push({ field: 'playbookId', op: '==', value: playbookId });
  if (status !== undefined) where.push({ field: 'status', op: '==', value: status });
  if (trigger !== undefined) where.push({ field: 'trigger.kind', op: '==', value: trigger });
  return where;
}

/** Checks one document after the other until the page is full. Unreadable records are shown, not skipped. */
function sift(found: readonly StoredDocument[], passes: Passes | undefined, limit: number) {
  const executions: ExecutionSummary[] = [];
  const unreadable: UnreadableRecord[] = [];
  let scanned = 0;
  for (const stored of found) {
    if (executions.length + unreadable.length === limit) break;
    scanned += 1;
    const one = readOne(stored, readSummary);
    if (one.kind === 'unreadable') unreadable.push(one.unreadable);
    else if (passes?.(one.item) ?? true) executions.push(one.item);
  }
  return { executions, unreadable, scanned };
}
