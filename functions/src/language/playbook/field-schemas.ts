import { z } from 'zod';

/** `500ms`, `30s`, `10m`, `4h`, `7d`: how durations are written in definitions. */
export const Duration = z
  .string()
  .regex(/^\d{1,6}(ms|s|m|h|d)$/, 'is not a duration; write a number and a unit, like 500ms, 30s, 10m, 4h or 7d');

/** An identifier that can be used in expressions, field paths and document ids: `any_offline`. */
export const Identifier = z.string().regex(
  // Every JavaScript object has a `constructor`, and Google's client mistakes it for one of our fields.
  /^(?!constructor$)[a-z][a-z0-9_]{0,63}$/,
  'must start with a lowercase letter, contain only lowercase letters, digits and _ (at most 64), and not be constructor',
);

/** A display name: one line with at least one visible character. */
export const Name = z
  .string()
  .min(1)
  .max(200)
  .refine((name) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(name), 'A name must be one line, without control characters.')
  .refine((name) => name === '' || /[\p{L}\p{N}\p{P}\p{S}]/u.test(name), 'A name must contain a visible character.');
