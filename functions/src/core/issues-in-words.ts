import type { z } from 'zod';

/** All problems found by a schema, on one line: `steps.0.id: …; it: …`. For readers who know the value. */
export function issuesInWords(error: z.ZodError): string {
  return wordsOfIssues(error, 'it').join('; ');
}

/** The same, as one text per problem; `whole` names the value itself in problems without a path. */
export function wordsOfIssues({ issues }: z.ZodError, whole: string): readonly string[] {
  return issues.map(({ path, message }) => `${path.join('.') || whole}: ${message}`);
}
