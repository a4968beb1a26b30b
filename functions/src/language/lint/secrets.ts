import type { JsonObject } from '#core/json.ts';
import type { DefinitionPath, LintProblem } from '../playbook/definition-problem.ts';

/** A URL with a literal host: a template may begin only in the path. */
const WRITTEN_HOST = /^https?:\/\/[^/?#$]+(?:[/?#]|$)/;

/**
 * Refuses tool input that contains a secret while the host of the called URL (the field `address`) comes from data:
 * anyone who can change that data would receive the secret.
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
      message: 'This call sends a secret, so the host in its address must be written out, not taken from data.',
      suggestion: 'Write the address out up to its path, as in https://api.example.com/${{ … }}.',
    },
  ];
}
