import type { z } from 'zod';
import { PlaybookError } from '#core/failure.ts';
import { issuesInWords } from '#core/issues-in-words.ts';
import type { Json } from '#core/json.ts';
import type { Step } from './playbook.ts';

/** The filled-in fields of a step, parsed by its schema. Throws `input_invalid` with every invalid field. */
export function readStepInput<Schema extends z.ZodType>(
  schema: Schema,
  { id }: Pick<Step, 'id'>,
  fields: Json,
): z.output<Schema> {
  const read = schema.safeParse(fields);
  if (read.success) return read.data;
  throw new PlaybookError(
    'input_invalid',
    `The fields of ${id} are invalid after filling in: ${issuesInWords(read.error)}`,
  );
}
