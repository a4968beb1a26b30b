import type { StepRecord } from '#engine/record/step-schema.ts';
import { isEnded, type EndedExecution, type Execution } from '#engine/record/execution.ts';
import { durationInWords } from '#core/duration.ts';
import { executionEnd } from './execution-view.ts';
import { failureLines, indentOf, stepLine } from './step-view.ts';
import type { Terminal } from './terminal.ts';
import { withoutCommands } from './text-layout.ts';

/**
 * Shows an execution while it is running: prints each step once, when it has ended, and shows the steps under way in
 * the last line. Call the returned function with every state of the record.
 */
export function liveView(terminal: Terminal): (record: Execution) => void {
  const printed = new Set<string>();
  let state: 'none' | 'running' | 'ended' = 'none';

  return (record) => {
    if (state === 'ended') return;
    if (state === 'none') printTitle(record, terminal);
    state = isEnded(record) ? 'ended' : 'running';

    const steps = Object.values(record.steps).toSorted((a, b) => a.order - b.order);
    for (const step of steps) {
      if (step.status === 'running' || printed.has(step.path)) continue;
      printed.add(step.path);
      printStep(step, terminal);
    }
    if (isEnded(record)) printEnd(record, terminal);
    else showRunning(steps, terminal);
  };
}

function printTitle({ playbookName, id }: Execution, terminal: Terminal): void {
  terminal.out(`${terminal.paint('bold', withoutCommands(playbookName))}  ${terminal.paint('gray', id)}`);
}

function printStep(step: StepRecord, terminal: Terminal): void {
  terminal.out(stepLine(step, terminal));
  if (step.status !== 'failed') return;
  for (const line of failureLines(step.failure, terminal, `${indentOf(step)}  `)) terminal.out(line);
}

function showRunning(steps: readonly StepRecord[], terminal: Terminal): void {
  const running = steps.filter(({ status }) => status === 'running').map(({ id }) => id);
  terminal.status(running.length === 0 ? '' : `  ▸ ${running.join(', ')} …`);
}

function printEnd(record: EndedExecution, terminal: Terminal): void {
  terminal.status('');
  for (const line of executionEnd(record, terminal)) terminal.out(line);
  const [colour, sign] = record.success ? (['green', '✓'] as const) : (['red', '✗'] as const);
  terminal.out(`${terminal.paint(colour, sign)} ${record.status} after ${durationInWords(record.duration)}`);
}
