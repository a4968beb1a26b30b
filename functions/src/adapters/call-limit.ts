import { PlaybookError } from '#core/failure.ts';

/** How long a call to the outside may take, who may end it before, and what it is called in messages. */
export interface CallLimit {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Begins a sentence: `Mailjet`, `https://api.example.com`. */
  readonly what: string;
}

/**
 * Makes one call to the outside and never waits longer than its limit, even where the call cannot be cancelled.
 * Throws `timeout` when the time is up; the signal's own reason when that is a `PlaybookError`, else `interrupted`,
 * when it aborts; and what the call throws.
 */
export async function withinLimit<Value>(
  { signal, timeoutMs, what }: CallLimit,
  call: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  if (signal.aborted) throw cancelled(signal, what);
  const controller = new AbortController();
  const ended = Promise.withResolvers<never>();
  const end = (reason: PlaybookError): void => {
    ended.reject(reason);
    controller.abort(reason);
  };
  const onAbort = (): void => end(cancelled(signal, what));
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(
    () => end(new PlaybookError('timeout', `${what} did not answer within ${timeoutMs} ms.`)),
    timeoutMs,
  );
  try {
    // The end wins over what the cancelled call throws, because it was settled first.
    return await Promise.race([ended.promise, call(controller.signal)]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

function cancelled(signal: AbortSignal, what: string): PlaybookError {
  const reason: unknown = signal.reason;
  if (reason instanceof PlaybookError) return reason;
  return new PlaybookError('interrupted', `The call of ${what} was cancelled before it was answered.`, {
    cause: reason,
  });
}
