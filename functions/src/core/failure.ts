import { z } from 'zod';
import { JsonValue, type Json } from './json.ts';

/** What can be done about a failure. `transient` and `rate_limited` are worth another attempt, the others are not. */
export const FailureClass = z.enum([
  'transient', //    the same call may work in a moment
  'rate_limited', // the other side asked us to slow down
  'rejected', //     the other side understood and refused
  'contract', //     a definition, an input or an output is invalid
  'budget', //       time, tokens or money ran out
  'needs_person', // a credential, a permission or a decision is missing
  'internal', //     a bug in our code
]);
export type FailureClass = z.infer<typeof FailureClass>;

/** Every reason with its class, so that the two always agree. */
const REASONS = {
  unavailable: { code: 'unavailable', class: 'transient' },
  timeout: { code: 'timeout', class: 'transient' },
  interrupted: { code: 'interrupted', class: 'transient' },
  rate_limited: { code: 'rate_limited', class: 'rate_limited' },
  rejected: { code: 'rejected', class: 'rejected' },
  address_blocked: { code: 'address_blocked', class: 'rejected' },
  model_refused: { code: 'model_refused', class: 'rejected' },
  invalid_playbook: { code: 'invalid_playbook', class: 'contract' },
  unknown_tool: { code: 'unknown_tool', class: 'contract' },
  unknown_agent: { code: 'unknown_agent', class: 'contract' },
  unknown_channel: { code: 'unknown_channel', class: 'contract' },
  expression_failed: { code: 'expression_failed', class: 'contract' },
  input_invalid: { code: 'input_invalid', class: 'contract' },
  output_invalid: { code: 'output_invalid', class: 'contract' },
  output_too_large: { code: 'output_too_large', class: 'contract' },
  cancelled: { code: 'cancelled', class: 'needs_person' },
  deadline_exceeded: { code: 'deadline_exceeded', class: 'budget' },
  budget_exceeded: { code: 'budget_exceeded', class: 'budget' },
  record_from_newer_version: { code: 'record_from_newer_version', class: 'needs_person' },
  unauthenticated: { code: 'unauthenticated', class: 'needs_person' },
  unconfigured: { code: 'unconfigured', class: 'needs_person' },
  lease_lost: { code: 'lease_lost', class: 'internal' },
  internal: { code: 'internal', class: 'internal' },
} as const satisfies Record<string, { readonly code: string; readonly class: FailureClass }>;

/**
 * The closed list of reasons why a step or an execution can fail. Code branches on these words; people read the
 * message.
 */
export type FailureCode = keyof typeof REASONS;

/** A reason and its class, as contained in failures. */
type Reason = { readonly [Code in FailureCode]: (typeof REASONS)[Code] & { readonly code: Code } }[FailureCode];

const codes = Object.keys(REASONS).filter((code): code is FailureCode => Object.hasOwn(REASONS, code));

/** The same list, for parsing. */
export const FailureCode = z.enum(codes);

const failureFields = {
  code: FailureCode,
  class: FailureClass,
  message: z.string(),
  retryAfterMs: z.number().optional(),
  details: JsonValue.optional(),
};

/**
 * An error as kept in a record; its class is that of its code. `details` contains evidence (deliveries, status codes
 * …), already redacted and bounded.
 */
export const Failure = z.object(failureFields).transform((failure, context) => {
  const reason = reasonOf(failure.code);
  if (reason.class !== failure.class) {
    context.addIssue({ code: 'custom', path: ['class'], message: `of ${failure.code} is ${reason.class}` });
  }
  return { ...failure, ...reason };
});
export type Failure = z.infer<typeof Failure>;

/** A failure with this code and the matching class. */
export function failureOf(code: FailureCode, said: Pick<Failure, 'message' | 'retryAfterMs' | 'details'>): Failure {
  return { ...said, ...reasonOf(code) };
}

/** The product's error: a code for machines, a full sentence for people, the cause for the log. */
export class PlaybookError extends Error {
  readonly code: FailureCode;
  readonly retryAfterMs: number | undefined;
  readonly details: Json | undefined;

  constructor(
    code: FailureCode,
    message: string,
    options: { cause?: unknown; retryAfterMs?: number | undefined; details?: Json | undefined } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'PlaybookError';
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
    this.details = options.details;
  }
}

/** What can be done about a failure of this code. */
export function failureClassOf(code: FailureCode): FailureClass {
  return REASONS[code].class;
}

function reasonOf(code: FailureCode): Reason {
  return REASONS[code];
}

/** Whether the database, or another service, was unreachable. */
export function isUnavailable(thrown: unknown): boolean {
  return thrown instanceof PlaybookError && thrown.code === 'unavailable';
}

/** Whether a record is in a newer format than this code knows; such records are left untouched. */
export function isFromNewerVersion(thrown: unknown): boolean {
  return thrown instanceof PlaybookError && thrown.code === 'record_from_newer_version';
}

/** Whether another attempt is worth making. */
export function isRetryable({ code }: { readonly code: FailureCode }): boolean {
  return ['transient', 'rate_limited'].includes(failureClassOf(code));
}
