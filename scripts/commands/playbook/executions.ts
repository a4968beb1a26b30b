import type { Execution } from '#engine/record/execution.ts';
import { PlaybookError } from '#core/failure.ts';
import { nearest } from '#core/nearest.ts';
import { recentExecutions } from '#records/executions/execution-queries.ts';
import { runCommand, usageError, type ExitCode } from '../../terminal/command-line.ts';
import { executionTable } from '../../terminal/execution-view.ts';
import { openDatabase, PROJECT_OPTION } from '../../project/open-database.ts';
import type { Terminal } from '../../terminal/terminal.ts';

const STATUSES: readonly Execution['status'][] = ['running', 'waiting', 'succeeded', 'failed', 'cancelled', 'skipped'];
const MAX_LIMIT = 1000;

const command = {
  name: 'npm run playbook -- executions',
  summary: 'Lists the latest executions of one playbook or of all.',
  positionals: ['[ID]'],
  options: {
    limit: { value: 'N', help: `The number of executions, at most ${MAX_LIMIT}. Default: 20.` },
    status: { value: 'STATUS', help: `Only those with this status: ${STATUSES.join(', ')}.` },
    project: PROJECT_OPTION,
    json: { help: 'Prints one JSON object instead of text.' },
  },
} as const;

/** `executions`: 0, also if none are found. */
export function executions(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return runCommand(command, argv, terminal, async (given) => {
    const limit = Number(given.text('limit') ?? 20);
    const asked = given.text('status');
    const problem = limitProblem(limit) ?? statusProblem(asked);
    if (problem !== undefined) return usageError(command.name, problem, terminal);
    const status = STATUSES.find((known) => known === asked);

    const { documents } = await openDatabase(terminal, given.text('project'));
    try {
      const listing = await recentExecutions(documents, { playbookId: given.positionals[0], status, limit });
      if (given.flag('json')) terminal.out(JSON.stringify(listing, null, 2));
      else if (listing.executions.length === 0) terminal.out('No executions found.');
      else terminal.out(executionTable(listing.executions, terminal));
      const [unreadable] = listing.unreadable;
      if (unreadable !== undefined) throw new PlaybookError('internal', unreadable.problem);
      return 0;
    } finally {
      await documents.close();
    }
  });
}

function limitProblem(limit: number): string | undefined {
  const isLimit = Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT;
  return isLimit ? undefined : `--limit must be a whole number from 1 to ${MAX_LIMIT}.`;
}

function statusProblem(asked: string | undefined): string | undefined {
  if (asked === undefined || STATUSES.some((known) => known === asked)) return undefined;
  const meant = nearest(asked, STATUSES);
  const hint = meant === undefined ? `Use one of ${STATUSES.join(', ')}.` : `Did you mean ${meant}?`;
  return `Unknown status ${asked}. ${hint}`;
}
