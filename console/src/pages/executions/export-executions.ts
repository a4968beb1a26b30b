import { isEnded } from '#engine/record/execution.ts';
import type { ExecutionSummary } from '#records/executions/execution-queries.ts';
import type { ExecutionPage } from '#records/executions/list-executions.ts';
import type { UnreadableRecord } from '#records/store/read-each.ts';
import { csvLine } from '#console/view/elements/csv.ts';

/** How many executions one page of an export reads. */
export const EXPORT_PAGE = 50;
const MAX_PAGES = 200;

/** The page behind a cursor; undefined: the first. */
export type LoadPage = (after: string | undefined) => Promise<ExecutionPage>;

const COLUMNS = [
  'id',
  'playbook',
  'name',
  'status',
  'trigger',
  'by',
  'slot',
  'started',
  'completed',
  'duration_ms',
  'steps',
  'criteria',
  'error',
  'failure',
  'failed_step',
  'model_calls',
  'input_tokens',
  'output_tokens',
  'cost_usd',
  'agents',
  'labels',
  'version',
  'silent_since',
  'past_deadline',
];

/**
 * Executions as a CSV file, piece by piece, the latest first: at most 10,000 are read, and the last line says where it
 * stopped. Begins with the mark by which spreadsheets recognise UTF-8.
 */
export async function* executionsCsv(first: ExecutionPage, load: LoadPage): AsyncGenerator<string> {
  yield `\ufeff${csvLine(COLUMNS)}`;
  let end: string | undefined;
  for await (const page of pages(first, load)) {
    if (typeof page === 'string') {
      end = page;
      continue;
    }
    const lines = page.executions.map((execution) => csvLine(cellsOf(execution)));
    yield [...lines, ...page.unreadable.map(({ id, problem }) => csvLine([id, ...unread(problem)]))].join('');
  }
  if (end !== undefined) yield csvLine([end]);
}

/** The same as JSON: `{ executions, unreadable, complete, note }`. */
export async function* executionsJson(first: ExecutionPage, load: LoadPage): AsyncGenerator<string> {
  yield '{"executions":[';
  const unreadable: UnreadableRecord[] = [];
  let note: string | null = null;
  let separator = '\n';
  for await (const page of pages(first, load)) {
    if (typeof page === 'string') {
      note = page;
      continue;
    }
    unreadable.push(...page.unreadable);
    for (const execution of page.executions) {
      yield `${separator}${JSON.stringify(execution)}`;
      separator = ',\n';
    }
  }
  yield `\n],"unreadable":${JSON.stringify(unreadable)},"complete":${note === null},"note":${JSON.stringify(note)}}\n`;
}

/** Page after page; then, where the list goes on, a sentence that says so. */
async function* pages(first: ExecutionPage, load: LoadPage): AsyncGenerator<ExecutionPage | string> {
  let page = first;
  for (let count = 1; count <= MAX_PAGES; count += 1) {
    yield page;
    if (page.next === undefined) return;
    if (count < MAX_PAGES) page = await load(page.next);
  }
  const last = page.executions.at(-1)?.startedAt ?? page.scannedUntil;
  const until = last === undefined ? '' : `, back to ${last.toISOString()}`;
  yield `This export stops after ${(MAX_PAGES * EXPORT_PAGE).toLocaleString('en')} executions${until}. To export older ones, set the filter "to".`;
}

function cellsOf(execution: ExecutionSummary): readonly (string | number | null | undefined)[] {
  const { trigger, labels } = execution;
  return [
    execution.id,
    execution.playbookId,
    execution.playbookName,
    execution.status,
    trigger.kind,
    trigger.kind === 'manual' ? trigger.by : undefined,
    execution.slot?.toISOString(),
    execution.startedAt.toISOString(),
    ...endCells(execution),
    execution.agents.join(' '),
    Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(' '),
    execution.version,
    ...silenceCells(execution),
  ];
}

/** Of one that runs, since when its runner is silent, and whether it ought to have ended. */
function silenceCells(execution: ExecutionSummary): readonly (string | undefined)[] {
  if (execution.status !== 'running') return [undefined, undefined];
  return [execution.silentSince?.toISOString(), String(execution.pastDeadline)];
}

/** From `completed` to `cost_usd`. */
function endCells(execution: ExecutionSummary): readonly (string | number | null | undefined)[] {
  const { stepsExecuted } = execution;
  if (!isEnded(execution)) {
    return [undefined, undefined, stepsExecuted, ...Array.from({ length: 8 }, () => undefined)];
  }
  const ended = [execution.completedAt.toISOString(), execution.duration, stepsExecuted];
  if (execution.status === 'skipped') {
    return [...ended, undefined, execution.explanation, ...Array.from({ length: 6 }, () => undefined)];
  }
  const failed = 'failure' in execution ? execution : undefined;
  const { modelCalls, inputTokens, outputTokens, costUsd } = execution.spend;
  const criteria = execution.criteria.map(({ id, band }) => `${id}=${band}`).join(' ');
  const failure = [failed?.error, failed?.failure.code, failed?.failedStep];
  return [...ended, criteria, ...failure, modelCalls, inputTokens, outputTokens, costUsd];
}

/** The cells behind the id of a record that cannot be read: the reason stands where errors stand. */
function unread(problem: string): readonly (string | undefined)[] {
  return COLUMNS.slice(1).map((column) =>
    column === 'status' ? 'unreadable' : column === 'error' ? problem : undefined,
  );
}
