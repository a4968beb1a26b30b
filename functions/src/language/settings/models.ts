import { z } from 'zod';

const UsdPerMillionTokens = z.number().nonnegative();

/** Prices by model, with the date they were looked up: `playbooks/models.yaml`. */
export const Models = z.strictObject({
  asOf: z.iso.date(),
  /** The model of `synthesize` steps. */
  author: z.string(),
  /** The budget for all model calls of a day. Shown in the console; not enforced. */
  budget: z.strictObject({ perDayUsd: z.number().positive() }).optional(),
  models: z.record(
    z.string(),
    z.strictObject({
      input: UsdPerMillionTokens,
      output: UsdPerMillionTokens,
      cacheRead: UsdPerMillionTokens,
      cacheWrite: UsdPerMillionTokens,
    }),
  ),
});
export type Models = z.infer<typeof Models>;
