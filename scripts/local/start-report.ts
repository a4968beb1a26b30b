import type { Execution } from '#engine/record/execution.ts';
import type { StepRecord } from '#engine/record/step-schema.ts';
import { durationInWords } from '#core/duration.ts';
import { catalog } from '#functions/catalog.ts';
import type { AnyStepDefinition } from '#steps/index.ts';
import { counted } from '../terminal/counted.ts';
import { bandCounts, mark } from '../terminal/execution-view.ts';
import type { Ran } from './run-once.ts';
import type { LocalJob } from './delivery-queues.ts';
import type { LocalStack } from './local-stack.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { aligned, columnsOf, padded, shortened } from '../terminal/text-layout.ts';

/** What was brought up, and what was found of earlier starts. */
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
    present: 'found as it was',
  };
  return words[status];
}

/**
 * One line for a playbook that was run: how it ended, how long it took, its steps, its criteria by band, its spend. The lines
 * of all these jobs stand below each other in columns.
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
  const isEnded = status === 'succeeded' || status === 'failed';
  const cells = [
    mark(status, terminal),
    name,
    padded(status, 9),
    padded(status === 'running' ? '' : durationInWords(execution.duration), 9),
    padded(counted(stepsExecuted, 'step'), 7),
    ...(isEnded ? [padded(bandCounts(execution.criteria, terminal), 14), spendOf(execution.spend)] : []),
  ];
  return aligned([cells], '', terminal.columns());
}

function spendOf({ modelCalls, costUsd }: Extract<Execution, { status: 'succeeded' }>['spend']): string {
  if (modelCalls === 0) return 'no model';
  return `${counted(modelCalls, 'model call')}, ${costUsd === null ? 'cost unknown' : `$${costUsd.toFixed(4)}`}`;
}

/** Why a playbook that was run has not succeeded, as a sentence. */
export function reasonOf(ran: Ran): string {
  const { playbookId } = ran.job;
  if (ran.kind === 'unrecorded') return `${playbookId} was not run: ${ran.problem}`;
  const { execution } = ran;
  switch (execution.status) {
    case 'succeeded':
      return `${playbookId} succeeded.`;
    case 'failed':
      return `${playbookId} failed: ${execution.error}`;
    case 'skipped':
      return `${playbookId} was skipped: ${execution.explanation}`;
    case 'running':
      return `${playbookId} is still running, as ${execution.id}.`;
  }
}

/** What the executions told people and opened for them, a line each; empty when nothing. */
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

/** Commands that show more. `demo`: the demo company stays up, and takes this option where its data is elsewhere. */
export function closerLook(
  executions: readonly Execution[],
  to: { readonly environmentFile: string; readonly demo: { readonly dataOption: string } | undefined },
  terminal: Terminal,
): string {
  const demo = to.demo && [
    [`npm run demo -- integration gmail off${to.demo.dataOption}`, 'switches an integration off; then:'],
    ['npm run playbook -- run ops_integration_monitor', 'looks at once, and does not wait for the next hour'],
  ];
  const commands = [
    [`source ${to.environmentFile}`, 'tells the commands below which database to use'],
    ...executions.map(({ id, playbookName }) => [`npm run playbook -- show ${id}`, playbookName]),
    ['npm run playbook -- show ID --json', 'with whole reports, mails and threads'],
    ...(demo ?? []),
  ];
  return aligned(
    commands.map(([line = '', why = '']) => [line, terminal.paint('gray', why)]),
    '  ',
    terminal.columns(),
  );
}
