import { isEnded, type Band, type CriterionResult, type Execution, type Spend } from '#engine/record/execution.ts';
import { durationInWords } from '#core/duration.ts';
import { measuredInWords } from '#core/measured-words.ts';
import type { SeenExecution } from '#records/executions/seen-execution.ts';
import { runnerInWords, silenceLines } from './silence-view.ts';
import { attemptLines, failureLines, inShort, mark, stepLine, VALUE_COLUMNS } from './step-view.ts';
import type { Colour, Terminal } from './terminal.ts';
import { aligned, counted, instantInWords, shortened, withoutCommands } from './text-layout.ts';

const BAND_COLOURS: Readonly<Record<Band, Colour>> = { ok: 'green', warn: 'yellow', alert: 'red', unknown: 'gray' };

/** Executions as a table, one per line. */
export function executionTable(executions: readonly SeenExecution[], terminal: Terminal): string {
  const header = ['', 'execution', 'started', 'took', 'status', 'criteria', ''].map((title) =>
    terminal.paint('gray', title),
  );
  return aligned([header, ...executions.map((execution) => executionRow(execution, terminal))], '', terminal.columns());
}

function executionRow(execution: SeenExecution, terminal: Terminal): readonly string[] {
  return [
    seenMark(execution, terminal),
    execution.id,
    instantInWords(execution.startedAt),
    !isEnded(execution) ? '' : durationInWords(execution.duration),
    execution.status,
    'criteria' in execution ? bandCounts(execution.criteria, terminal) : '',
    remarkOn(execution),
  ];
}

function remarkOn(execution: SeenExecution): string {
  switch (execution.status) {
    case 'failed':
    case 'cancelled':
      return shortened(execution.error, 60);
    case 'skipped':
      return execution.reason;
    case 'succeeded':
      return '';
    case 'waiting':
      return `until ${instantInWords(execution.wakeAt)} at the latest`;
    case 'running': {
      if (execution.silentSince === null) return '';
      const late = execution.pastDeadline ? 'past its deadline, ' : '';
      return `${late}runner silent since ${instantInWords(execution.silentSince)}`;
    }
  }
}

/** The sign for the state of an execution. One whose runner is silent is not running, whatever its status. */
function seenMark(execution: SeenExecution, terminal: Terminal): string {
  const isSilent = execution.status === 'running' && execution.silentSince !== null;
  return isSilent ? terminal.paint('yellow', '!') : mark(execution.status, terminal);
}

/** How many criteria are in each band: `3 ok 1 warn`. */
export function bandCounts(criteria: readonly CriterionResult[], terminal: Terminal): string {
  const bands: readonly Band[] = ['ok', 'warn', 'alert', 'unknown'];
  return bands
    .map((band) => [band, criteria.filter((criterion) => criterion.band === band).length] as const)
    .filter(([, count]) => count > 0)
    .map(([band, count]) => terminal.paint(BAND_COLOURS[band], `${count} ${band}`))
    .join(' ');
}

/** Everything people want to know about one execution, on many lines. */
export function executionDetails(execution: SeenExecution, terminal: Terminal): string {
  const steps = Object.values(execution.steps).toSorted((a, b) => a.order - b.order);
  return [
    `${seenMark(execution, terminal)} ${terminal.paint('bold', withoutCommands(execution.playbookName))}`,
    headerTable(execution, terminal),
    ...(execution.status === 'running' ? silenceLines(execution, terminal) : []),
    ...steps.flatMap((step) => ['', stepLine(step, terminal), ...attemptLines(step, terminal)]),
    ...executionEnd(execution, terminal),
  ].join('\n');
}

/** How an execution ended: what failed and what to do, the criteria, the spend. No lines while it is running. */
export function executionEnd(execution: Execution, terminal: Terminal): readonly string[] {
  if (!isEnded(execution)) return [];
  if (execution.status === 'skipped') return ['', `Skipped: ${execution.explanation}`];
  // A failure at a step is shown there.
  const atNoStep = 'failedStep' in execution && execution.failedStep === null;
  const failure = atNoStep ? ['', ...failureLines(execution.failure, terminal, '')] : [];
  const criteria = execution.criteria.length === 0 ? [] : ['', criteriaTable(execution.criteria, terminal)];
  return [...failure, ...criteria, ...spendLines(execution.spend)];
}

function headerTable(execution: SeenExecution, terminal: Terminal): string {
  const { trigger } = execution;
  const by = trigger.kind === 'manual' && trigger.by !== undefined ? ` by ${trigger.by}` : '';
  const rows = [
    ['execution', execution.id],
    ['playbook', `${execution.playbookId} (version ${execution.version})`],
    ['status', execution.status],
    ['slot', execution.slot === null ? `none: started manually${by}` : slotInWords(execution, execution.slot)],
    ['started', instantInWords(execution.startedAt)],
    ...(execution.status === 'running'
      ? [
          ['deadline', `${instantInWords(execution.deadlineAt)}${execution.pastDeadline ? ' (has passed)' : ''}`],
          ['runner', runnerInWords(execution)],
        ]
      : isEnded(execution)
        ? [['took', durationInWords(execution.duration)]]
        : [['waits until', instantInWords(execution.wakeAt)]]),
    ['steps', String(execution.stepsExecuted)],
    ['kept until', instantInWords(execution.expireAt)],
  ];
  return aligned(
    rows.map(([name = '', value = '']) => [terminal.paint('gray', name), value]),
    '  ',
    terminal.columns(),
  );
}

function slotInWords(execution: Pick<Execution, 'offSchedule'>, slot: Date): string {
  return `${instantInWords(slot)}${execution.offSchedule === true ? ' (off schedule: the playbook was not due then)' : ''}`;
}

function criteriaTable(criteria: readonly CriterionResult[], terminal: Terminal): string {
  const rows = criteria.map(({ id, name, value, unit, band, reason }) => [
    terminal.paint(BAND_COLOURS[band], band.toUpperCase()),
    name ?? id,
    value === null ? '–' : inShort(measuredInWords(value, unit)),
    reason === undefined ? '' : whyUnknown(reason),
  ]);
  return aligned(rows, '  ', terminal.columns());
}

/** The first sentence of a reason, without the expression it may begin with: that is in the record and the playbook. */
function whyUnknown(reason: string): string {
  const [, rest = reason] = /^`.*?` (.*)/s.exec(reason) ?? [];
  const [sentence = rest] = /^.*?[.:](?=\s|$)/s.exec(rest) ?? [];
  return shortened(sentence.replace(/[.:]$/, ''), VALUE_COLUMNS);
}

function spendLines(spend: Spend): readonly string[] {
  if (spend.modelCalls === 0) return [];
  const cost = spend.costUsd === null ? 'at an unknown cost' : `for $${spend.costUsd.toFixed(4)}`;
  return [
    '',
    `  ${counted(spend.modelCalls, 'model call')}, ${spend.inputTokens} tokens in, ${spend.outputTokens} out, ${cost}.`,
  ];
}
