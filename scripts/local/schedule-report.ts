import { durationInWords } from '#core/duration.ts';
import type { Execution } from '#engine/record/execution.ts';
import type { Delivered, DueJob, PassedOver } from './delivery-queues.ts';
import { mark } from '../terminal/step-view.ts';
import type { Followed } from './follow-execution.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { counted, instantInWords } from '../terminal/text-layout.ts';

/** One line about slots: one that was delivered, or several that never will be. */
export function newsLine(news: Delivered | PassedOver, terminal: Terminal): string {
  if (news.kind === 'passed_over') return passedOverLine(news, terminal);
  const { job, slot } = news;
  const when = terminal.paint('gray', instantInWords(slot));
  if (news.kind === 'unanswered') {
    return `${terminal.paint('red', '✗')} ${when}  ${job.playbookName}: no answer. ${news.problem}`;
  }
  const { status, httpStatus, error, executionId, reason } = news.answer;
  if (httpStatus >= 300) {
    return `${terminal.paint('red', '✗')} ${when}  ${job.playbookName}  ${status}  ${error ?? `HTTP ${httpStatus}`}`;
  }
  const sign = mark(status === 'running' || status === 'skipped' ? status : 'succeeded', terminal);
  const why = reason === undefined ? '' : ` (${reason})`;
  return `${sign} ${when}  ${job.playbookName}  ${status}${why}  ${terminal.paint('gray', executionId ?? '')}`;
}

function passedOverLine({ job, slots, reason }: PassedOver, terminal: Terminal): string {
  const [first, last] = [slots[0], slots.at(-1)].map((slot) => (slot === undefined ? '' : instantInWords(slot)));
  const which = slots.length === 1 ? `the slot ${first} was` : `${slots.length} slots, ${first} to ${last}, were`;
  const why = {
    slept: 'this machine was asleep; the latest one is delivered',
    busy: 'its executions take longer than the time between them',
  };
  return `${terminal.paint('yellow', '!')} ${job.playbookName}: ${which} skipped: ${why[reason]}.`;
}

/** What happens to executions that an earlier session left unfinished. */
export function unfinishedLine(executions: readonly Execution[], once: boolean, terminal: Terminal): string {
  const what = `${counted(executions.length, 'execution')} ${executions.length === 1 ? 'has' : 'have'}`;
  const then = once
    ? 'npm start without --once resumes those that no runner holds'
    : 'if its runner is gone, it is resumed once its lease has run out';
  const ids = executions.map(({ id }) => id).join(', ');
  return `${terminal.paint('cyan', '▸')} ${what} not ended yet; ${then}: ${ids}`;
}

/** How an execution that was running elsewhere continued; empty if following it was stopped. */
export function followedLine(id: string, followed: Followed, terminal: Terminal): string {
  switch (followed.kind) {
    case 'stopped':
      return '';
    case 'stuck':
      return `${terminal.paint('red', '✗')} ${id} is still running and could not be resumed: ${followed.problem.replace(/\.$/, '')}.`;
    case 'ended': {
      const { execution, resumed } = followed;
      const when = terminal.paint('gray', instantInWords(execution.slot ?? execution.startedAt));
      const how = resumed ? `resumed, ${execution.status}` : execution.status;
      const name = execution.playbookName;
      const rest = execution.status === 'failed' ? execution.error : terminal.paint('gray', id);
      return `${mark(execution.status, terminal)} ${when}  ${name}  ${how} after ${durationInWords(execution.duration)}  ${rest}`;
    }
  }
}

/** When the next slot is due, in the time zone of its schedule. */
export function nextLine({ job, slot }: DueJob): string {
  const local = new Intl.DateTimeFormat('en-US', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: job.timeZone,
  }).format(slot);
  return `Next: ${job.playbookName}, ${local} (${job.timeZone}).`;
}
