import { z } from 'zod';

/** `500ms`, `30s`, `10m`, `4h`, `7d`: how durations are written in definitions. */
export const Duration = z
  .string()
  .regex(/^\d{1,6}(ms|s|m|h|d)$/, 'is not a duration; write a number and a unit, like 500ms, 30s, 10m, 4h or 7d');

/** An identifier that may stand in an expression, a field path and a document id: `any_offline`. */
export const Identifier = z.string().regex(
  // Every object of JavaScript has a field `constructor`, and Google's client takes it for one of ours.
  /^(?!constructor$)[a-z][a-z0-9_]{0,63}$/,
  'must start with a small letter and hold only small letters, digits and _ (at most 64), and not be constructor',
);

/** What people read as a name: one line in which something is to be seen. */
export const Name = z
  .string()
  .min(1)
  .max(200)
  .refine((name) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(name), 'A name is one line, without control characters.')
  .refine((name) => name === '' || /[\p{L}\p{N}\p{P}\p{S}]/u.test(name), 'A name must show something.');
