import type { z } from 'zod';

/** Everything that a schema found wrong, on one line: `steps.0.id: …; it: …`. For people who know the value. */
export function issuesInWords({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`).join('; ');
}
