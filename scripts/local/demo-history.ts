import { join, resolve } from 'node:path';
import type { HistoryProgress, HistorySummary } from '../../demo/history/history.ts';
import { readConfig } from '#functions/config.ts';
import { DAY_MS, durationInWords } from '#core/duration.ts';
import { PlaybookError } from '#core/failure.ts';
import type { Documents } from '#ports/documents/documents.ts';
import { EXECUTIONS } from '#records/executions/executions.ts';
import type { ExitCode } from '../terminal/command-line.ts';
import { makeDataDirectory } from './data-directory.ts';
import { requireFirestore } from '../cloud/firestore-access.ts';
import { projectIdOf } from '../cloud/google-project.ts';
import { loadProject } from '../project/load-project.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { aligned, counted } from '../terminal/text-layout.ts';

const MOST_DAYS = 90;

/** Offers a history to users who have none. `dataOption` is the option for data kept elsewhere, or empty. */
export function historyHint(dataOption: string): string {
  return `To fill every page with thirty days, after npm start has ended: npm run demo -- history 30d${dataOption}`;
}

/** Whether there are executions older than two days. Throws what the documents port throws. */
export async function hasHistory(documents: Documents): Promise<boolean> {
  const orderBy = [{ field: 'startedAt', direction: 'asc' }] as const;
  const [first] = await documents.query({ collection: EXECUTIONS, orderBy, limit: 1, select: ['startedAt'] });
  const startedAt = first?.data['startedAt'];
  return startedAt instanceof Date && Date.now() - startedAt.getTime() > 2 * DAY_MS;
}

/** The requested history. */
export interface DemoHistory {
  readonly days: number;
  readonly dataDirectory: string;
  readonly json: boolean;
  readonly stop: AbortSignal;
}

/** The days in `30d`; undefined unless from 1 to 90. */
export function daysOf(text: string): number | undefined {
  const days = /^[1-9]\d?d$/.test(text) ? Number(text.slice(0, -1)) : undefined;
  return days === undefined || days > MOST_DAYS ? undefined : days;
}

/** The message for a history that is not from 1 to 90 days long. */
export function daysProblem(text: string | undefined): string {
  return `Give a number of days from 1d to ${MOST_DAYS}d: history 30d${text === undefined ? '' : `, not '${text}'`}.`;
}

/**
 * Fills the database of `npm start` with days of the past, and says what there is then. Resolves to 1 when it was stopped or
 * the definitions have problems, which were printed then. Throws `rejected` for a database that is not of this machine
 * and for one with users of somebody else, and what cannot be reached or read as `PlaybookError` or `DocumentsError`.
 */
export async function demoHistory(asked: DemoHistory, terminal: Terminal): Promise<ExitCode> {
  const { days, dataDirectory, json, stop } = asked;
  const database = await localDatabase(dataDirectory, terminal);
  const definitions = await loadProject(terminal, undefined, json);
  if (definitions === undefined) return 1;
  await makeDataDirectory(dataDirectory);
  const { runHistory } = await import('../../demo/history/run-history.ts');
  const startedMs = performance.now();
  const elapsedMs = (): number => performance.now() - startedMs;
  const summary = await runHistory({
    definitions,
    database,
    days,
    now: new Date(),
    stop,
    onProgress: (progress) => terminal.status(progressLine(progress, elapsedMs())),
  });
  terminal.status('');
  if (json) terminal.out(JSON.stringify({ ...summary, durationMs: Math.round(elapsedMs()) }, null, 2));
  else terminal.out(summaryText(summary, elapsedMs(), terminal));
  return summary.stopped ? 1 : 0;
}

/** The settings the product needs for the database; none by which it could call or notify anyone. */
async function localDatabase(dataDirectory: string, terminal: Terminal): Promise<Terminal['env']> {
  const { env, directory } = terminal;
  const named = env['PLAYBOOK_DATABASE'] || `sqlite:${join(dataDirectory, 'playbooks.db')}`;
  const { database } = readConfig({ PLAYBOOK_DATABASE: named }, { callers: false });
  if (database.kind === 'sqlite') return { PLAYBOOK_DATABASE: `sqlite:${resolve(directory, database.file)}` };
  if (!env['FIRESTORE_EMULATOR_HOST']) {
    throw new PlaybookError(
      'rejected',
      'PLAYBOOK_DATABASE names Firestore in the cloud, and a made-up past does not belong in a real database. Set FIRESTORE_EMULATOR_HOST for the emulator, or unset PLAYBOOK_DATABASE for a file.',
    );
  }
  await requireFirestore(env);
  return {
    PLAYBOOK_DATABASE: named,
    PLAYBOOK_FIRESTORE_DATABASE: env['PLAYBOOK_FIRESTORE_DATABASE'],
    GOOGLE_CLOUD_PROJECT: await projectIdOf(undefined, terminal),
  };
}

function progressLine({ delivered, total, day }: HistoryProgress, elapsedMs: number): string {
  const leftMs = (elapsedMs / delivered) * (total - delivered);
  const left = delivered < total ? `, about ${Math.ceil(leftMs / 1_000)} s left` : '';
  return `  ▸ ${day.toISOString().slice(0, 10)}: ${delivered} of ${total} executions${left} …`;
}

function summaryText(summary: HistorySummary, elapsedMs: number, terminal: Terminal): string {
  const { days, delivered, present, byPlaybook, byStatus, stopped } = summary;
  const before = present === 0 ? '' : ` Left alone: ${counted(present, 'slot')} that had a record already.`;
  const took = durationInWords(Math.round(elapsedMs));
  const headline = stopped
    ? `${terminal.paint('yellow', '!')} Stopped after ${counted(delivered, 'execution')}. They stay; the same command continues with the rest.`
    : `${terminal.paint('green', '✓')} ${counted(delivered, 'execution')} over ${counted(days, 'day')}, in ${took}.${before}`;
  const counts = [...Object.entries(byPlaybook), ...Object.entries(byStatus)];
  return [
    headline,
    ...(counts.length === 0
      ? []
      : [
          aligned(
            counts.map(([what, count]) => [String(count), what]),
            '  ',
          ),
        ]),
    'They have the label simulated: history; a stand-in for Claude wrote their reports. To see them: npm start',
  ].join('\n');
}
