import { isEnded, type Execution } from '#engine/record/execution.ts';
import type { StepRecord } from '#engine/record/step-schema.ts';
import { durationInWords } from '#core/duration.ts';
import { catalog } from '#functions/catalog.ts';
import type { AnyStepDefinition } from '#steps/index.ts';
import { bandCounts } from '../terminal/execution-view.ts';
import { mark } from '../terminal/step-view.ts';
import type { Ran } from './run-once.ts';
import type { LocalJob } from './delivery-queues.ts';
import type { LocalStack } from './local-stack.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { aligned, columnsOf, counted, padded, shortened } from '../terminal/text-layout.ts';

/** What was started, and what earlier starts left. */
export function stackTable(
  stack: Pick<LocalStack, 'databaseName' | 'company' | 'demoUrl' | 'functions' | 'console'>,
  found: { readonly dataDirectory: string; readonly earlierExecutions: number },
  terminal: Terminal,
): string {
  const { earlierExecutions, dataDirectory } = found;
  const earlier =
    earlierExecutions === 0 ? 'no executions yet' : `${counted(earlierExecutions, 'execution')} of earlier starts`;
  const rows = [
    ['Data', dataDirectory],
    ['Database', `${stack.databaseName} (${earlier})`],
    ['Demo company', `${foundCompany(stack.company)}; its integrations answer at ${stack.demoUrl}`],
    ['Runner', `${stack.functions.url} (playbookRunner behind the Functions Framework)`],
    ...(stack.console === undefined ? [] : [['Console', terminal.paint('bold', stack.console.url)]]),
  ];
  return aligned(
    rows.map(([name = '', value = '']) => [terminal.paint('gray', name), value]),
    '',
    terminal.columns(),
  );
}

function foundCompany({ status, documents }: LocalStack['company']): string {
  const words = {
    seeded: `new, ${documents} documents`,
    refreshed: `found and moved to today, ${documents} documents`,
    present: 'found, unchanged',
  };
  return words[status];
}

/**
 * One line for a playbook that was run: how it ended, how long it took, its steps, its criteria by band, its spend. The lines
 * of all these jobs align in columns.
 */
export function ranLine(ran: Ran, jobs: readonly LocalJob[], terminal: Terminal): string {
  const nameColumns = Math.max(...jobs.map(({ playbookName }) => columnsOf(playbookName)));
  const name = padded(ran.job.playbookName, nameColumns);
  if (ran.kind === 'unrecorded') {
    const cells = [terminal.paint('red', '✗'), name, 'not run  ', shortened(ran.problem, 80)];
    return aligned([cells], '', terminal.columns());
  }
  const { execution } = ran;
  const { status, stepsExecuted } = execution;
  const hasRun = status === 'succeeded' || status === 'failed';
  const cells = [
    mark(status, terminal),
    name,
    padded(status, 9),
    padded(isEnded(execution) ? durationInWords(execution.duration) : '', 9),
    padded(counted(stepsExecuted, 'step'), 7),
    ...(hasRun ? [padded(bandCounts(execution.criteria, terminal), 14), spendOf(execution.spend)] : []),
  ];
  return aligned([cells], '', terminal.columns());
}

function spendOf({ modelCalls, costUsd }: Extract<Execution, { status: 'succeeded' }>['spend']): string {
  if (modelCalls === 0) return 'no model';
  return `${counted(modelCalls, 'model call')}, ${costUsd === null ? 'cost unknown' : `$${costUsd.toFixed(4)}`}`;
}

/** Why a playbook that was run did not succeed, as a sentence. */
export function reasonOf(ran: Ran): string {
  const { playbookId } = ran.job;
  if (ran.kind === 'unrecorded') return `${playbookId} was not run: ${ran.problem}`;
  const { execution } = ran;
  switch (execution.status) {
    case 'succeeded':
      return `${playbookId} succeeded.`;
    case 'cancelled':
      return `${playbookId} was cancelled: ${execution.error}`;
    case 'waiting':
      return `${playbookId} waits, as ${execution.id}.`;
    case 'failed':
      return `${playbookId} failed: ${execution.error}`;
    case 'skipped':
      return `${playbookId} was skipped: ${execution.explanation}`;
    case 'running':
      return `${playbookId} is still running, as ${execution.id}.`;
  }
}

/** The messages that executions sent and the threads they opened, a line each; empty if none. */
export function outcomeTable(
  executions: readonly Execution[],
  terminal: Terminal,
  stepTypes: readonly AnyStepDefinition[] = catalog.stepTypes,
): string {
  const types = new Map(stepTypes.map((stepType) => [stepType.type, stepType]));
  const steps = executions.flatMap((execution) => Object.values(execution.steps).toSorted((a, b) => a.order - b.order));
  const rows = steps.flatMap((step) => leftRows(step, types.get(step.type)));
  return aligned(
    rows.map(([what = '', to = '', title = '']) => [terminal.paint('gray', what), to, title]),
    '  ',
    terminal.columns(),
  );
}

function leftRows(step: StepRecord, type: AnyStepDefinition | undefined): readonly (readonly string[])[] {
  const last = step.attempts.at(-1);
  if (type?.kind !== 'action' || last?.status !== 'succeeded') return [];
  const left = type.leftForPeople?.(last.input ?? null, last.output ?? null) ?? [];
  return left.map(({ what, to, title }) => [what, to, shortened(title, 70)]);
}

/** Commands that show more. `demo`: the demo company keeps running; its commands take this option if its data is elsewhere. */
export function closerLook(
  executions: readonly Execution[],
  to: { readonly environmentFile: string; readonly demo: { readonly dataOption: string } | undefined },
  terminal: Terminal,
): string {
  const demo = to.demo && [
    [`npm run demo -- integration gmail off${to.demo.dataOption}`, 'switches an integration off; then:'],
    ['npm run playbook -- run ops_integration_monitor', 'checks now instead of at the next full hour'],
  ];
  const commands = [
    [`source ${to.environmentFile}`, 'sets the database for the commands below'],
    ...executions.map(({ id, playbookName }) => [`npm run playbook -- show ${id}`, playbookName]),
    ['npm run playbook -- show ID --json', 'shows whole reports, mails and threads'],
    ...(demo ?? []),
  ];
  return aligned(
    commands.map(([line = '', why = '']) => [line, terminal.paint('gray', why)]),
    '  ',
    terminal.columns(),
  );
}
