import type { Context } from 'hono';
import { z } from 'zod';
import { PlaybookError } from '#core/failure.ts';
import { issuesInWords } from '#core/issues-in-words.ts';
import type { ConsoleEnv } from '#console/world/console-env.ts';

/** The fields of a form that was sent, as the schema reads them. Throws `input_invalid`, naming every field that is wrong. */
export async function formOf<Schema extends z.ZodType>(
  c: Context<ConsoleEnv>,
  schema: Schema,
): Promise<z.output<Schema>> {
  const { csrf: _, ...fields } = await fieldsOf(c);
  const parsed = schema.safeParse(fields);
  if (parsed.success) return parsed.data;
  throw new PlaybookError('input_invalid', `The form is invalid (${issuesInWords(parsed.error)}).`);
}

async function fieldsOf(c: Context<ConsoleEnv>): ReturnType<typeof c.req.parseBody> {
  try {
    return await c.req.parseBody({ all: true });
  } catch (cause) {
    throw new PlaybookError('input_invalid', 'The form arrived damaged. Send it again.', { cause });
  }
}

/** A text field: trimmed; the browser's line ends are ours again. */
export const TextField = z.string().transform((text) => text.replaceAll('\r\n', '\n').trim());
