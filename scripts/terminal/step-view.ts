import { durationInWords } from '#core/duration.ts';
import type { Failure } from '#core/failure.ts';
import type { Attempt } from '#engine/record/attempt.ts';
import type { Execution } from '#engine/record/execution.ts';
import { attemptsBegun } from '#engine/record/kept-attempts.ts';
import type { StepRecord } from '#engine/record/step-schema.ts';
import { depthOf } from '#language/playbook/step-path.ts';
import { adviceFor } from '#records/executions/failure-advice.ts';
import type { Colour, Terminal } from './terminal.ts';
import { counted, shortened } from './text-layout.ts';

const MARKS: Readonly<Record<Execution['status'], readonly [Colour, string]>> = {
  succeeded: ['green', '✓'],
  failed: ['red', '✗'],
  cancelled: ['gray', '■'],
  running: ['cyan', '▸'],
  waiting: ['cyan', '…'],
  skipped: ['gray', '–'],
};

/** The columns for an input or an output. */
export const VALUE_COLUMNS = 100;

/** One step on one line: its state, level, type and duration. */
export function stepLine(step: StepRecord, terminal: Terminal): string {
  const took = step.status === 'running' ? 'running' : durationInWords(step.durationMs);
  const count = attemptsBegun(step);
  const attempts = count > 1 ? `, ${counted(count, 'attempt')}` : '';
  const remark = step.status === 'skipped' ? ` (${step.reason})` : '';
  return `${indentOf(step)}${mark(step.status, terminal)} ${step.id}  ${terminal.paint('gray', `${step.type}  ${took}${attempts}${remark}`)}`;
}

/** The blanks before a step: two per level. */
export function indentOf({ path }: Pick<StepRecord, 'path'>): string {
  return '  '.repeat(depthOf(path) + 1);
}

/** What failed, and what to do about it. */
export function failureLines(failure: Failure, terminal: Terminal, indent: string): readonly string[] {
  const advice = `${indent}${terminal.paint('bold', 'What to do:')} ${adviceFor(failure.code)}`;
  return [...reasonLines(failure, terminal, indent), advice];
}

function reasonLines(failure: Failure, terminal: Terminal, indent: string): readonly string[] {
  const details = failure.details === undefined ? [] : [`${indent}  details: ${inShort(failure.details)}`];
  return [`${indent}${terminal.paint('red', `${failure.code}:`)} ${failure.message}`, ...details];
}

/** What each attempt of a step took and returned, below its line. */
export function attemptLines(step: StepRecord, terminal: Terminal): readonly string[] {
  const indent = `${indentOf(step)}  `;
  const several = step.attempts.length > 1;
  const lines = step.attempts.flatMap((attempt) => {
    const took = !('durationMs' in attempt) ? '' : ` after ${durationInWords(attempt.durationMs)}`;
    const title = several ? [`${indent}attempt ${attempt.number}: ${attempt.status}${took}`] : [];
    return [...title, ...valueLines(attempt, terminal, several ? `${indent}  ` : indent)];
  });
  if (step.status !== 'failed') return lines;
  // The attempt shows what failed, unless the step ended otherwise: at a deadline, or by a person.
  const isTold = step.attempts.at(-1)?.status === 'failed';
  const reason = isTold ? [] : reasonLines(step.failure, terminal, indent);
  return [...lines, ...reason, `${indent}${terminal.paint('bold', 'What to do:')} ${adviceFor(step.failure.code)}`];
}

function valueLines(attempt: Attempt, terminal: Terminal, indent: string): readonly string[] {
  const lines: string[] = [];
  const add = (name: string, value: string): void =>
    void lines.push(`${indent}${terminal.paint('gray', name)} ${value}`);
  if (attempt.input !== undefined) add('input ', inShort(attempt.input));
  for (const call of attempt.modelCalls ?? []) {
    const cost = call.costUsd === null ? 'cost unknown' : `$${call.costUsd.toFixed(4)}`;
    add(
      'model ',
      `${call.model}, ${call.inputTokens} tokens in, ${call.outputTokens} out, ${cost}, ${durationInWords(call.durationMs)}`,
    );
  }
  for (const call of attempt.toolCalls ?? []) add('tool  ', `${call.tool} ${call.status}: ${inShort(call.input)}`);
  if (attempt.status === 'succeeded' && attempt.output !== undefined) add('output', inShort(attempt.output));
  if (attempt.status === 'succeeded' && attempt.outputRef !== undefined) {
    add(
      'output',
      `${attempt.outputRef.bytes} bytes at ${attempt.outputRef.path}: ${shortened(attempt.outputRef.preview, VALUE_COLUMNS)}`,
    );
  }
  if (attempt.status === 'failed') lines.push(...reasonLines(attempt.failure, terminal, indent));
  return lines;
}

/** The sign for the state of an execution or a step. */
export function mark(status: Execution['status'], terminal: Terminal): string {
  const [colour, sign] = MARKS[status];
  return terminal.paint(colour, sign);
}

/** A value on one line, cut to what fits beside its name. */
export function inShort(value: unknown): string {
  return shortened(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''), VALUE_COLUMNS);
}
