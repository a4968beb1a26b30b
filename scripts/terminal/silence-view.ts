import { silenceAdvice } from '#records/executions/silence-advice.ts';
import { stepUnderWay } from '#engine/record/step-under-way.ts';
import type { SeenRunning } from '#records/executions/seen-execution.ts';
import type { Terminal } from './terminal.ts';
import { instantInWords, shortened } from './text-layout.ts';

/** What it means that the runner of an execution is silent, and what to do; no lines while it is alive. */
export function silenceLines(execution: SeenRunning, terminal: Terminal): readonly string[] {
  const said = silenceInWords(execution);
  if (said === undefined) return [];
  const todo = `${silenceAdvice(execution)} To end it: npm run playbook -- end ${execution.id} --reason TEXT`;
  return ['', terminal.paint('yellow', said), `${terminal.paint('bold', 'What to do:')} ${todo}`];
}

/** `Its runner has been silent since …, in the step …`; undefined while it is alive. */
export function silenceInWords(execution: SeenRunning): string | undefined {
  if (execution.silentSince === null) return undefined;
  const step = stepUnderWay(Object.values(execution.steps));
  const where = step === undefined ? '' : `, in the step ${shortened(step, 100)}`;
  return `Its runner has been silent since ${instantInWords(execution.silentSince)}${where}.`;
}

/** The runner of an execution, whether it still holds it, and until when. */
export function runnerInWords({ lease: { owner }, silentSince, leaseUntil, leaseGivenBack }: SeenRunning): string {
  if (leaseGivenBack) return `${owner}, which gave it back`;
  return `${owner}, ${silentSince === null ? 'alive, holds it' : 'silent, held it'} until ${instantInWords(leaseUntil)}`;
}
