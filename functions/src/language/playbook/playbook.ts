import { z } from 'zod';
import { Duration, Identifier, Name } from './field-schemas.ts';
import { JsonValue } from '#core/json.ts';
import { PlaybookInput } from './playbook-input.ts';

/** How often and how patiently a failed attempt is tried again. */
export const RetryPolicy = z.strictObject({
  maxAttempts: z.number().int().min(1).max(20).default(3).describe('How many attempts in all; 1 means no retry.'),
  initialDelay: Duration.default('1s').describe('The longest pause before the second attempt.'),
  factor: z.number().min(1).max(10).default(2).describe('How much longer each further pause may be.'),
  maxDelay: Duration.default('30s').describe('The longest pause of all.'),
});
export type RetryPolicy = z.infer<typeof RetryPolicy>;

/** The fields that every step may have, whatever its type. */
export const commonStepFields = {
  id: Identifier.describe('Names the step in expressions and records; once in the whole playbook.'),
  name: Name.optional().describe('What people read instead of the id.'),
  if: z.string().min(1).optional().describe('An expression; the step is skipped unless it is true.'),
  retry: RetryPolicy.optional().describe('How often and how soon a failed attempt is tried again.'),
  timeout: Duration.optional().describe('The longest that one attempt may take.'),
  onFailure: z
    .string()
    .min(1)
    .optional()
    .describe(
      'What happens when the step has failed for good: abort (the default), continue, or the id of a later step beside it.',
    ),
  critical: z
    .boolean()
    .optional()
    .describe(
      'A step that is not critical may fail without the execution failing; only sensible with onFailure: continue.',
    ),
};

/** A step as the engine walks it: the common fields typed, the fields of its type as JSON. Its type checks those. */
export const Step = z.object({ type: z.string(), ...commonStepFields }).catchall(JsonValue);
export type Step = z.infer<typeof Step>;

/** When a playbook is due. */
export const Schedule = z.strictObject({
  cron: z.string().min(1).max(200).describe('unix-cron, five fields, as Cloud Scheduler reads it.'),
  timeZone: z.string().min(1).max(64).describe('IANA name, like America/New_York, or UTC.'),
});
export type Schedule = z.infer<typeof Schedule>;

/** A measured value with its bands: `alert` wins over `ok`; neither: WARN; no data or an error: UNKNOWN. */
export const Criterion = z.strictObject({
  id: Identifier,
  name: Name.optional(),
  value: z.string().min(1).describe('Expression for the measured value.'),
  unit: z.string().max(20).optional(),
  ok: z.string().min(1).describe('Expression over value and everything else that a step may see.'),
  alert: z.string().min(1).describe('Likewise; alert wins over ok.'),
});
export type Criterion = z.infer<typeof Criterion>;

/** How urgent a message is. */
export const Priority = z.enum(['low', 'normal', 'high']);
export type Priority = z.infer<typeof Priority>;

/** Whom to tell when a criterion is in its alert band at the end of an execution, or the execution failed. */
export const Alerts = z.strictObject({
  channels: z.array(z.string()).min(1),
  to: z.array(z.string()).optional(),
  priority: Priority.default('high'),
});
export type Alerts = z.infer<typeof Alerts>;

/** The most inputs that a playbook may have. */
const MAX_INPUTS = 20;

/** The most steps that a playbook may have, nested ones included. */
export const MAX_STEPS = 200;

/** The most labels that a playbook may have: every record holds them. */
const MAX_LABELS = 50;

/** The fields of a playbook beside `steps`, whose schema depends on the step types there are. */
export const playbookFields = {
  id: Identifier.describe('The name of the file without .yaml.'),
  name: Name.describe('What people read.'),
  description: z.string().max(2000).optional().describe('What it does, and for whom.'),
  owner: z.string().max(200).optional().describe('Who answers for it.'),
  enabled: z.boolean().default(true).describe('Whether its schedule runs it; an operator may switch it, too.'),
  schedule: Schedule.optional().describe('When it is due; without one it is only started by hand.'),
  deadline: Duration.default('10m').describe('The longest that one execution may take; at most 28m.'),
  expectedDuration: Duration.optional().describe(
    'How long it usually takes; the seed refuses one beyond the deadline.',
  ),
  inputs: z
    .record(Identifier, PlaybookInput)
    .refine((inputs) => Object.keys(inputs).length <= MAX_INPUTS, `A playbook has at most ${MAX_INPUTS} inputs.`)
    .optional()
    .describe('What may be said when it is started by hand; expressions read it as `inputs.<name>`.'),
  labels: z
    .record(Identifier, z.string().max(200))
    .refine((labels) => Object.keys(labels).length <= MAX_LABELS, `A playbook has at most ${MAX_LABELS} labels.`)
    .optional()
    .describe('Kept on every record of it.'),
  criteria: z.array(Criterion).max(50).optional().describe('What is measured at the end, with its bands.'),
  alerts: Alerts.optional().describe('Whom to tell when a criterion is in its alert band or the execution failed.'),
};

/** A playbook as the engine runs it. What belongs to single step types was checked when it was seeded. */
export const Playbook = z.strictObject({ ...playbookFields, steps: z.array(Step).min(1).max(MAX_STEPS) });
export type Playbook = z.infer<typeof Playbook>;
