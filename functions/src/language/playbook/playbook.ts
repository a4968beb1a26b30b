import { z } from 'zod';
import { Duration, Identifier, Name } from './field-schemas.ts';
import { JsonValue } from '#core/json.ts';
import { PlaybookInput } from './playbook-input.ts';

/** How often and after what pauses a failed attempt is retried. */
export const RetryPolicy = z.strictObject({
  maxAttempts: z.number().int().min(1).max(20).default(3).describe('Total number of attempts; 1 means no retry.'),
  initialDelay: Duration.default('1s').describe('Maximum pause before the second attempt.'),
  factor: z.number().min(1).max(10).default(2).describe('Factor by which the maximum pause grows after each attempt.'),
  maxDelay: Duration.default('30s').describe('Upper limit for every pause.'),
});
export type RetryPolicy = z.infer<typeof RetryPolicy>;

/** The fields that steps of every type may have. */
export const commonStepFields = {
  id: Identifier.describe('Name of the step in expressions and records; unique within the playbook.'),
  name: Name.optional().describe('Display name; the id if omitted.'),
  if: z.string().min(1).optional().describe('Condition (an expression); the step is skipped unless it is true.'),
  retry: RetryPolicy.optional().describe('How often and how soon a failed attempt is retried.'),
  timeout: Duration.optional().describe('Maximum duration of one attempt.'),
  onFailure: z
    .string()
    .min(1)
    .optional()
    .describe(
      'What happens when the step has failed for good: abort (the default), continue, or the id of a later step in the same list.',
    ),
  critical: z
    .boolean()
    .optional()
    .describe('Whether the execution fails if the step fails; false requires onFailure: continue.'),
};

/**
 * A step as the engine sees it: the common fields are typed, the fields of its step type are JSON, which that type
 * checks.
 */
export const Step = z.object({ type: z.string(), ...commonStepFields }).catchall(JsonValue);
export type Step = z.infer<typeof Step>;

/** When a playbook is due. */
export const Schedule = z.strictObject({
  cron: z.string().min(1).max(200).describe('Five-field unix-cron expression, as Cloud Scheduler reads it.'),
  timeZone: z.string().min(1).max(64).describe('IANA time zone, such as America/New_York, or UTC.'),
});
export type Schedule = z.infer<typeof Schedule>;

/**
 * A measured value and its bands. `alert` takes precedence over `ok`; neither means WARN; no data or an error means
 * UNKNOWN.
 */
export const Criterion = z.strictObject({
  id: Identifier,
  name: Name.optional(),
  value: z.string().min(1).describe('Expression that yields the measured value.'),
  unit: z.string().max(20).optional(),
  ok: z.string().min(1).describe('Condition for the OK band; may use value and everything a step can read.'),
  alert: z.string().min(1).describe('Condition for the alert band; takes precedence over ok.'),
});
export type Criterion = z.infer<typeof Criterion>;

/** How urgent a message is. */
export const Priority = z.enum(['low', 'normal', 'high']);
export type Priority = z.infer<typeof Priority>;

/** Whom to notify when an execution ends with a criterion in its alert band, or fails. */
export const Alerts = z.strictObject({
  channels: z.array(z.string()).min(1),
  to: z.array(z.string()).optional(),
  priority: Priority.default('high'),
});
export type Alerts = z.infer<typeof Alerts>;

/** The maximum number of inputs of a playbook. */
const MAX_INPUTS = 20;

/** The maximum number of steps of a playbook, including nested ones. */
export const MAX_STEPS = 200;

/** The maximum number of labels of a playbook: every record contains them. */
const MAX_LABELS = 50;

/** The fields of a playbook except `steps`, whose schema depends on the step types. */
export const playbookFields = {
  id: Identifier.describe('File name without .yaml.'),
  name: Name.describe('Display name.'),
  description: z.string().max(2000).optional().describe('What the playbook does, and for whom.'),
  owner: z.string().max(200).optional().describe('Person or team responsible for it.'),
  enabled: z.boolean().default(true).describe('Whether its schedule starts it; operators can also switch it.'),
  schedule: Schedule.optional().describe('When it is due; without a schedule, it is only started manually.'),
  deadline: Duration.default('10m').describe('Maximum duration of one execution; at most 28m.'),
  expectedDuration: Duration.optional().describe('Usual duration of an execution; must not exceed the deadline.'),
  inputs: z
    .record(Identifier, PlaybookInput)
    .refine((inputs) => Object.keys(inputs).length <= MAX_INPUTS, `A playbook has at most ${MAX_INPUTS} inputs.`)
    .optional()
    .describe('Values that can be given to a manual start; expressions read them as `inputs.<name>`.'),
  labels: z
    .record(Identifier, z.string().max(200))
    .refine((labels) => Object.keys(labels).length <= MAX_LABELS, `A playbook has at most ${MAX_LABELS} labels.`)
    .optional()
    .describe('Copied to every execution record.'),
  criteria: z
    .array(Criterion)
    .max(50)
    .optional()
    .describe('What is measured at the end of an execution, and its bands.'),
  alerts: Alerts.optional().describe(
    'Whom to notify when a criterion is in its alert band or the execution has failed.',
  ),
};

/** A playbook as the engine runs it. The fields of the step types were checked when it was seeded. */
export const Playbook = z.strictObject({ ...playbookFields, steps: z.array(Step).min(1).max(MAX_STEPS) });
export type Playbook = z.infer<typeof Playbook>;
