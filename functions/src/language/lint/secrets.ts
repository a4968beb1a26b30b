import type { JsonObject } from '#core/json.ts';
import type { DefinitionPath, LintProblem } from '../playbook/definition-problem.ts';

/** An address whose host is written out: a template may begin at the path, not before it. */
const WRITTEN_HOST = /^https?:\/\/[^/?#$]+(?:[/?#]|$)/;

/**
 * Refuses the input of a tool that names a secret and takes the host of the address it calls, which stands in the field
 * `address`, from elsewhere: whoever can change that data would be sent the secret.
 */
export function secretProblems(
  input: JsonObject,
  address: string | undefined,
  path: DefinitionPath,
): readonly LintProblem[] {
  const called = address === undefined ? undefined : input[address];
  if (address === undefined || typeof called !== 'string') return [];
  if (WRITTEN_HOST.test(called) || !JSON.stringify(input).includes('secret://')) return [];
  return [
    {
      path: [...path, address],
      message: 'This call sends a secret, so its address must name the host itself and not take it from data.',
      suggestion: 'Write the address out up to its path, as in https://api.example.com/${{ … }}.',
    },
  ];
}
