import { z } from 'zod';
import { PlaybookError } from '#core/failure.ts';
import { JsonValue } from '#core/json.ts';
import { pathText } from '#language/playbook/definition-problem.ts';
import { schemaProblems } from '#language/playbook/schema-problems.ts';

/** The request of a person who starts a playbook manually. */
export const ManualStart = z.strictObject({
  /** Makes the id of the execution predictable, and a repeated start harmless. */
  requestId: z
    .string()
    .regex(/^[A-Za-z0-9_-]{8,64}$/, 'is not a request id; write 8 to 64 letters, digits, - and _')
    .optional(),
  by: z
    .string()
    .min(1)
    .max(200)
    .refine((by) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(by), 'A name must be one line, without control characters.')
    .optional(),
  inputs: z.record(z.string(), JsonValue).optional(),
  /** The only address to notify. */
  onlyTo: z.string().min(1).max(320).optional(),
});
export type ManualStart = z.infer<typeof ManualStart>;

/** Reads the request. Throws `input_invalid`, which names each wrong field and says what would be right. */
export function readManualStart(value: unknown): ManualStart {
  const read = ManualStart.safeParse(value);
  if (read.success) return read.data;
  const problems = schemaProblems(ManualStart, value).map(({ path, message, suggestion }) => {
    const words = suggestion === undefined ? message : `${message} ${suggestion}`;
    return path.length === 0 ? words : `${pathText(path)}: ${words}`;
  });
  throw new PlaybookError('input_invalid', problems.join(' '));
}
