import type { z } from 'zod';

/** Everything that a schema found wrong, on one line: `steps.0.id: …; it: …`. For people who know the value. */
export function issuesInWords(error: z.ZodError): string {
  return wordsOfIssues(error, 'it').join('; ');
}

/** The same, one text for each; `whole` stands for what is wrong with the value as a whole. */
export function wordsOfIssues({ issues }: z.ZodError, whole: string): readonly string[] {
  return issues.map(({ path, message }) => `${path.join('.') || whole}: ${message}`);
}
