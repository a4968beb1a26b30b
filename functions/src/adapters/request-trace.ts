import { AsyncLocalStorage } from 'node:async_hooks';

/** The position of a request in a distributed trace, as in Cloud Trace. */
export interface RequestTrace {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits, if the caller sent one. */
  readonly spanId: string | undefined;
  readonly isSampled: boolean;
}

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/;
const CLOUD_TRACE = /^([0-9a-fA-F]{32})(?:\/(\d{1,20}))?(?:;o=(\d))?/;
const traces = new AsyncLocalStorage<RequestTrace | undefined>();

/**
 * The trace in the headers of a request (lowercase names, values as arrays): from `traceparent` or, if that is missing,
 * `x-cloud-trace-context`. Undefined if neither contains one; it is not verified.
 */
export function traceOf(headers: Readonly<Record<string, readonly string[] | undefined>>): RequestTrace | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(headers['traceparent']?.[0] ?? '') ?? [];
  if (traceId !== undefined && isSet(traceId)) {
    return {
      traceId,
      spanId: isSet(spanId) ? spanId : undefined,
      isSampled: (Number.parseInt(flags ?? '0', 16) & 1) === 1,
    };
  }
  const [, id, span, option] = CLOUD_TRACE.exec(headers['x-cloud-trace-context']?.[0] ?? '') ?? [];
  if (id === undefined || !isSet(id)) return undefined;
  return { traceId: id.toLowerCase(), spanId: spanInHex(span), isSampled: option === '1' };
}

/** Runs a function, and everything it starts, as part of a trace, which `currentTrace` then returns. */
export function inTrace<Result>(trace: RequestTrace | undefined, run: () => Result): Result {
  return traces.run(trace, run);
}

/** The trace of the running code. */
export function currentTrace(): RequestTrace | undefined {
  return traces.getStore();
}

/** Only zeros means none. */
function isSet(digits: string | undefined): digits is string {
  return digits !== undefined && /[^0]/.test(digits);
}

/** The header is decimal, the log hexadecimal. */
function spanInHex(decimal: string | undefined): string | undefined {
  if (!isSet(decimal)) return undefined;
  const hex = BigInt(decimal).toString(16).padStart(16, '0');
  return hex.length === 16 ? hex : undefined;
}
