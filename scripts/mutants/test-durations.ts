import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Results = z.object({
  projects: z.record(z.string(), z.object({ files: z.record(z.string(), z.object({ duration: z.number() })) })),
});

/** What each test file took when it ran last, in milliseconds, as vitest remembers it; empty if it does not. */
export function testDurations(root: string): ReadonlyMap<string, number> {
  return new Map(
    globSync('node_modules/.vite/vitest/*/results.json', { cwd: root }).flatMap((file) => {
      const { success, data } = Results.safeParse(JSON.parse(readFileSync(join(root, file), 'utf8')));
      const projects = success ? Object.values(data.projects) : [];
      return projects.flatMap(({ files }) =>
        Object.entries(files).map(([test, { duration }]) => [test, duration] as const),
      );
    }),
  );
}
