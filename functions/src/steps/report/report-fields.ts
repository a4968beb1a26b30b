import { z } from 'zod';
import { type Json, type JsonObject, isJsonObject } from '#core/json.ts';
import type { Redact } from '#core/redact/redact.ts';

const Scalar = z.union([z.null(), z.boolean(), z.number(), z.string()]);

/** The output fields of report steps about the author and the source of the figures. */
export const figuresOutput = {
  /** The model that wrote it; `none`: it was written only from the data. */
  model: z.string(),
  /** Whether a language model was called and failed. */
  degraded: z.boolean(),
  /** Why no language model wrote it; null if one did. */
  reason: z.string().nullable(),
  figures: z.array(z.strictObject({ path: z.string(), shown: z.string(), value: Scalar })),
};

/** The data of a step as its author may see it: without secrets. */
export function readData(given: Json, redact: Redact): JsonObject {
  const data = redact.json(given);
  return isJsonObject(data) ? data : {};
}
