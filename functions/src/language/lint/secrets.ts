import { isJsonObject } from '#core/json.ts';
import type { DefinitionPath, LintProblem } from '../playbook/definition-problem.ts';
import type { Step } from '../playbook/playbook.ts';

/** An address whose host is written out: a template may begin at the path, not before it. */
const WRITTEN_HOST = /^https?:\/\/[^/?#$]+(?:[/?#]|$)/;

/**
 * Refuses a step that names a secret and takes the host of its `url` from elsewhere: whoever can change that data would
 * be sent the secret.
 */
export function secretProblems(step: Step, path: DefinitionPath): readonly LintProblem[] {
  const input = step['with'];
  if (!isJsonObject(input) || typeof input['url'] !== 'string') return [];
  if (WRITTEN_HOST.test(input['url']) || !JSON.stringify(input).includes('secret://')) return [];
  return [
    {
      path: [...path, 'with', 'url'],
      message: 'This call sends a secret, so its address must name the host itself and not take it from data.',
      suggestion: 'Write the address out up to its path, as in https://api.example.com/${{ … }}.',
    },
  ];
}
