import { z } from 'zod';
import { loadExpressions } from '#language/expressions/expressions.ts';
import { lintPlaybook } from '#language/lint/lint.ts';
import { pathText } from '#language/playbook/definition-problem.ts';
import type { LintCatalog } from '#language/lint/references.ts';
import { Playbook } from '#language/playbook/playbook.ts';
import { smallStepTypes } from './small-step-types.ts';

const expressions = await loadExpressions();
/** One of everything that a playbook can name, for tests of the checks of definitions. */
export const smallCatalog: LintCatalog = {
  stepTypes: smallStepTypes,
  tools: [
    {
      name: 'ping',
      input: z.strictObject({ timeoutMs: z.number().optional(), groups: z.array(z.string()).optional() }),
    },
    {
      name: 'getStats',
      input: z.strictObject({ since: z.string() }),
      output: z.strictObject({
        offline: z.array(z.strictObject({ name: z.string() })),
        mrr: z.number().nullable(),
        quota: z.strictObject({ share: z.number() }).nullable(),
        byKey: z.record(z.string(), z.number()),
        open: z.looseObject({}),
      }),
    },
  ],
  channels: [
    { name: 'email', addressed: true },
    { name: 'slack', addressed: false },
  ],
  agentIds: ['linus', 'leo'],
  roles: ['operator', 'reports'],
  allowedRecipients: ['ann@example.com', '@example.org'],
};
/** The problems of a playbook with these steps, each as `path: message suggestion`. */
export function lintedSteps(
  steps: readonly object[],
  more: object = {},
  catalog: LintCatalog = smallCatalog,
): readonly string[] {
  const playbook = Playbook.parse({ id: 'p', name: 'P', steps, ...more });
  return lintPlaybook(playbook, catalog, expressions).map(({ path, message, suggestion }) =>
    [`${pathText(path)}:`, message, suggestion].filter((part) => part !== undefined).join(' '),
  );
}
