import { z } from 'zod';
import { PlaybookError } from '#core/failure.ts';
import { issuesInWords } from '#core/issues-in-words.ts';
import type { JsonObject } from '#core/json.ts';

/** The fields of a step's own, typed, out of its resolved input. Throws `input_invalid` with every field that is wrong. */
export function readFields<Shape extends z.ZodRawShape>(shape: Shape, input: JsonObject): z.output<z.ZodObject<Shape>> {
  const parsed = z.object(shape).safeParse(input);
  if (parsed.success) return parsed.data;
  throw new PlaybookError('input_invalid', `The fields of the step are not valid: ${issuesInWords(parsed.error)}.`);
}
