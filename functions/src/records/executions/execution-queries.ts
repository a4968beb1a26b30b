import { z } from 'zod';
import { type Execution, executionFields } from '#engine/record/execution.ts';
import { occasionIn } from '#engine/record/occasion.ts';
import type { Documents, Query, StoredDocument, Where } from '#ports/documents/documents.ts';
import { EXECUTIONS, readExecution } from './executions.ts';
import { parsedRecord } from '../store/parsed-record.ts';
import { reachable } from '../store/reachable.ts';
import { readEach, type UnreadableRecord } from '../store/read-each.ts';
import { type RunnerSilence, runnerSilence } from './runner-silence.ts';
import { type SeenExecution, seenExecution } from './seen-execution.ts';

const { running, waiting, succeeded, failed, cancelled, skipped } = executionFields;
const payloads = { steps: true, results: true, inputs: true } as const;

const summaryFields = [
  running.omit({ steps: true, inputs: true }).extend({ lease: running.shape.lease.pick({ durationMs: true }) }),
  waiting.omit({ steps: true, inputs: true }),
  succeeded.omit(payloads),
  failed.omit(payloads),
  cancelled.omit(payloads),
  skipped.omit(payloads),
] as const;
const StoredSummary = z
  .discriminatedUnion('status', summaryFields)
  .transform((summary, context) => ({ ...summary, ...occasionIn(summary, context) }));
type StoredSummary = z.infer<typeof StoredSummary>;
type StoredRunning = Extract<StoredSummary, { status: 'running' }>;

/**
 * An execution as lists show it: without its steps, results and inputs. The status determines the other fields; a running one
 * also says whether its runner is silent.
 */
export type ExecutionSummary = Exclude<StoredSummary, StoredRunning> | (Omit<StoredRunning, 'lease'> & RunnerSilence);

/** An execution that has not ended, whether or not its runner is silent. */
export type RunningSummary = Extract<ExecutionSummary, { status: 'running' }>;

const SUMMARY_FIELDS = ['format', ...new Set(summaryFields.flatMap(({ shape }) => Object.keys(shape)))];

/** Executions, the latest first, and the records among them that this code cannot read. */
export interface ExecutionListing<Item = ExecutionSummary> {
  readonly executions: readonly Item[];
  readonly unreadable: readonly UnreadableRecord[];
}

/** The order of all lists. */
export const NEWEST_FIRST = [{ field: 'startedAt', direction: 'desc' }] as const;

/** The latest executions in full, each as it was when read, in one query. Throws `unavailable`. */
export async function recentExecutions(
  documents: Documents,
  filter: {
    readonly playbookId?: string | undefined;
    readonly status?: Execution['status'] | undefined;
    readonly limit: number;
  },
): Promise<ExecutionListing<SeenExecution>> {
  const where: Where[] = [];
  if (filter.playbookId !== undefined) where.push({ field: 'playbookId', op: '==', value: filter.playbookId });
  if (filter.status !== undefined) where.push({ field: 'status', op: '==', value: filter.status });
  const query = { collection: EXECUTIONS, where, orderBy: NEWEST_FIRST, limit: filter.limit };
  return listing(await reachable(documents.query(query)), seenExecution);
}

/** Running executions, the latest first, in one query. Throws `unavailable`. */
export async function runningExecutions(documents: Documents, limit: number): Promise<ExecutionListing> {
  const where: Where[] = [{ field: 'status', op: '==', value: 'running' }];
  return listing(await querySummaries(documents, { where, limit }), readSummary);
}

/**
 * Executions that have not ended although their deadline has passed, in full, in the order of their deadlines, in one query.
 * Usually empty. Throws `unavailable`, and `internal` where Firestore lacks the index.
 */
export async function overdueExecutions(
  documents: Documents,
  now: Date,
  limit: number,
): Promise<ExecutionListing<SeenExecution>> {
  const where: Where[] = [
    { field: 'status', op: '==', value: 'running' },
    { field: 'deadlineAt', op: '<', value: now },
  ];
  const orderBy = [{ field: 'deadlineAt', direction: 'asc' }] as const;
  return listing(await reachable(documents.query({ collection: EXECUTIONS, where, orderBy, limit })), seenExecution);
}

/**
 * The ids of executions that somebody has to look after, the longest due first, in one query: their runner is gone, or
 * their wait is over. `resumeExecution` finds out which of them really are. Throws `unavailable`.
 */
export async function dueExecutionIds(documents: Documents, now: Date, limit: number): Promise<readonly string[]> {
  const found = await reachable(
    documents.query({
      collection: EXECUTIONS,
      where: [{ field: 'wakeAt', op: '<=', value: now }],
      orderBy: [{ field: 'wakeAt', direction: 'asc' }],
      limit,
      select: ['wakeAt'],
    }),
  );
  return found.map(({ id }) => id);
}

/**
 * The last execution of a playbook that succeeded and began before this instant, in full, in one query of one document;
 * undefined if none exists. Throws `unavailable`, and `internal` when its record is damaged.
 */
export async function lastGoodExecution(
  documents: Documents,
  playbookId: string,
  before: Date,
): Promise<Execution | undefined> {
  const where: Where[] = [
    { field: 'playbookId', op: '==', value: playbookId },
    { field: 'status', op: '==', value: 'succeeded' },
    { field: 'startedAt', op: '<', value: before },
  ];
  const query = { collection: EXECUTIONS, where, orderBy: NEWEST_FIRST, limit: 1 };
  const [stored] = await reachable(documents.query(query));
  return stored === undefined ? undefined : readExecution(stored);
}

/** The documents of a query over executions, without their payloads, the latest first. Throws `unavailable`. */
export function querySummaries(
  documents: Documents,
  query: Omit<Query, 'collection' | 'orderBy' | 'select'>,
): Promise<readonly StoredDocument[]> {
  return reachable(
    documents.query({ ...query, collection: EXECUTIONS, orderBy: NEWEST_FIRST, select: SUMMARY_FIELDS }),
  );
}

/** The summary in a document, with or without payloads. Throws `internal` when it is not an execution. */
export function readSummary(stored: StoredDocument): ExecutionSummary {
  const summary = parsedRecord(StoredSummary, stored);
  if (summary.status !== 'running') return summary;
  const { lease: _, ...rest } = summary;
  return { ...rest, ...runnerSilence(summary, stored) };
}

function listing<Item>(
  found: readonly StoredDocument[],
  read: (stored: StoredDocument) => Item,
): ExecutionListing<Item> {
  const { items, unreadable } = readEach(found, read);
  return { executions: items, unreadable };
}
