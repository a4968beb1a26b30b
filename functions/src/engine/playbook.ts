import { z } from 'zod';
import { JsonValue } from './json.ts';

/** `500ms`, `30s`, `10m`, `4h`, `7d`: how durations are written in definitions. */
export const Duration = z
  .string()
  .regex(/^\d{1,6}(ms|s|m|h|d)$/, 'is not a duration; write a number and a unit, like 500ms, 30s, 10m, 4h or 7d');

/** An identifier that may stand in an expression, a field path and a document id: `any_offline`. */
export const Identifier = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{0,63}$/,
    'must start with a small letter and hold only small letters, digits and _ (at most 64)',
  );

export const RetryPolicy = z.strictObject({
  /** How many attempts in all; 1 means no retry. */
  maxAttempts: z.number().int().min(1).max(20).default(3),
  initialDelay: Duration.default('1s'),
  factor: z.number().min(1).max(10).default(2),
  maxDelay: Duration.default('30s'),
});
export type RetryPolicy = z.infer<typeof RetryPolicy>;

/** The fields that every step may have, whatever its type. */
export const commonStepFields = {
  id: Identifier,
  name: z.string().min(1).max(200).optional(),
  /** An expression; the step is skipped unless it is true. */
  if: z.string().min(1).optional(),
  retry: RetryPolicy.optional(),
  timeout: Duration.optional(),
  /** What happens when the step has failed for good: `abort` (default), `continue`, or the id of a later step beside it. */
  onFailure: z.string().min(1).optional(),
  /** A step that is not critical may fail without the execution failing; only sensible with `onFailure: continue`. */
  critical: z.boolean().optional(),
};

/** A step as the engine walks it: the common fields typed, the fields of its type as JSON. Its type checks those. */
export const Step = z.object({ type: z.string(), ...commonStepFields }).catchall(JsonValue);
export type Step = z.infer<typeof Step>;

export const Schedule = z.strictObject({
  /** unix-cron, five fields, as Cloud Scheduler reads it. */
  cron: z.string().min(1).max(200),
  /** IANA name (`America/New_York`) or `UTC`. */
  timeZone: z.string().min(1).max(64),
});
export type Schedule = z.infer<typeof Schedule>;

/** A measured value with its bands: `alert` wins over `ok`; neither: WARN; no data or an error: UNKNOWN. */
export const Criterion = z.strictObject({
  id: Identifier,
  name: z.string().min(1).max(200).optional(),
  /** Expression for the measured value. */
  value: z.string().min(1),
  unit: z.string().max(20).optional(),
  /** Expressions over `value` and everything else that a step may see. */
  ok: z.string().min(1),
  alert: z.string().min(1),
});
export type Criterion = z.infer<typeof Criterion>;

/** Whom to tell when a criterion is in its alert band at the end of an execution. */
export const Alerts = z.strictObject({
  channels: z.array(z.string()).min(1),
  to: z.array(z.string()).optional(),
  priority: z.enum(['low', 'normal', 'high']).default('high'),
});
export type Alerts = z.infer<typeof Alerts>;

/** The fields of a playbook beside `steps`, whose schema depends on the step types there are. */
export const playbookFields = {
  id: Identifier,
  name: z.string().min(1).max(200),
  description: z.string().max(2000).optional(),
  owner: z.string().max(200).optional(),
  enabled: z.boolean().default(true),
  schedule: Schedule.optional(),
  /** The longest that one execution may take. */
  deadline: Duration.default('10m'),
  /** How long it usually takes; the seed refuses one beyond the deadline. */
  expectedDuration: Duration.optional(),
  labels: z.record(Identifier, z.string().max(200)).optional(),
  criteria: z.array(Criterion).max(50).optional(),
  alerts: Alerts.optional(),
};

/** A playbook as the engine runs it. What belongs to single step types was checked when it was seeded. */
export const Playbook = z.strictObject({ ...playbookFields, steps: z.array(Step).min(1).max(200) });
export type Playbook = z.infer<typeof Playbook>;
