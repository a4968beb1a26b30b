import type { z } from 'zod';

/** A record that contradicts itself. `proof`: its type refuses it, too, or (`schema`) only the schema can. */
export interface Contradiction {
  readonly schema: z.ZodType;
  readonly record: unknown;
  readonly proof: true | 'schema';
}
