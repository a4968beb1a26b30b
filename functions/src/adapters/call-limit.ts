import { PlaybookError } from '#core/failure.ts';

/** The time limit of an outside call, its abort signal, and its name in messages. */
export interface CallLimit {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Begins a sentence: `Mailjet`, `https://api.example.com`. */
  readonly what: string;
}

/**
 * Makes one outside call and never waits longer than its limit, even if the call cannot be cancelled. Throws `timeout`
 * when the time is up; when the signal aborts, its reason if that is a `PlaybookError`, otherwise `interrupted`; and
 * what the call throws.
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
    // The end takes precedence over what the cancelled call throws, because it was settled first.
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
