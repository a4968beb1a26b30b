import { z } from 'zod';
import { JsonValue } from './json.ts';
import type { Json } from './json.ts';

/** What can be done about a failure. `transient` and `rate_limited` are worth another attempt, the others are not. */
export const FailureClass = z.enum([
  'transient', //    the same call may work in a moment
  'rate_limited', // the other side asked us to slow down
  'rejected', //     the other side understood and said no
  'contract', //     a definition, an input or an output is not what it must be
  'budget', //       time, tokens or money ran out
  'needs_person', // a credential, a permission or a decision is missing
  'internal', //     a bug of ours
]);
export type FailureClass = z.infer<typeof FailureClass>;

/** Every reason with its class. */
const CLASS_OF = {
  unavailable: 'transient',
  timeout: 'transient',
  interrupted: 'transient',
  rate_limited: 'rate_limited',
  rejected: 'rejected',
  address_blocked: 'rejected',
  model_refused: 'rejected',
  invalid_playbook: 'contract',
  unknown_tool: 'contract',
  unknown_agent: 'contract',
  unknown_channel: 'contract',
  expression_failed: 'contract',
  input_invalid: 'contract',
  output_invalid: 'contract',
  output_too_large: 'contract',
  deadline_exceeded: 'budget',
  budget_exceeded: 'budget',
  unauthenticated: 'needs_person',
  unconfigured: 'needs_person',
  lease_lost: 'internal',
  internal: 'internal',
} as const satisfies Record<string, FailureClass>;

/** The closed list of reasons a step or an execution can fail. Code branches on these words; people read the message. */
export type FailureCode = keyof typeof CLASS_OF;

const codes = Object.keys(CLASS_OF).filter((code): code is FailureCode => Object.hasOwn(CLASS_OF, code));

/** The same list, for what is read. */
export const FailureCode = z.enum(codes);

/** What a record keeps of an error. `details` holds evidence (deliveries, status codes …), already redacted and bounded. */
export const Failure = z.object({
  code: FailureCode,
  class: FailureClass,
  message: z.string(),
  retryAfterMs: z.number().optional(),
  details: JsonValue.optional(),
});
export type Failure = z.infer<typeof Failure>;

/** The error of the product: a code for machines, a full sentence for people, the cause for the log. */
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
  return CLASS_OF[code];
}

/** Whether the database, or whatever was asked, was out of reach. */
export function isUnavailable(thrown: unknown): boolean {
  return thrown instanceof PlaybookError && thrown.code === 'unavailable';
}

/** Whether another attempt is worth making. */
export function isRetryable({ code }: { readonly code: FailureCode }): boolean {
  return CLASS_OF[code] === 'transient' || CLASS_OF[code] === 'rate_limited';
}
