import { suggestionFor } from '#core/nearest.ts';
import type { DefinitionPath, LintProblem } from '../playbook/definition-problem.ts';
import type { Step } from '../playbook/playbook.ts';

/** What a step says about its own failure, held against the steps that come later in its list. */
export function failureProblems(step: Step, path: DefinitionPath, later: readonly Step[]): readonly LintProblem[] {
  const { onFailure } = step;
  const problems: LintProblem[] = [];
  if (step.critical === false && (onFailure === undefined || onFailure === 'abort')) {
    const message = `The step '${step.id}' is not critical, but its failure still aborts the execution.`;
    problems.push({
      path: [...path, 'critical'],
      message,
      suggestion: 'Add onFailure: continue, or the id of a later step.',
    });
  }
  const targets = later.map(({ id }) => id);
  if (onFailure !== undefined && !['abort', 'continue', ...targets].includes(onFailure)) {
    const message = `onFailure must be abort, continue, or the id of a later step in the same list, but '${onFailure}' is none of these.`;
    const suggestion = suggestionFor(onFailure, ['abort', 'continue', ...targets]);
    problems.push({ path: [...path, 'onFailure'], message, ...(suggestion !== undefined && { suggestion }) });
  }
  return problems;
}
