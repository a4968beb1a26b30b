const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Makes the end of this process ours: on SIGTERM, as the cloud sends it before it removes an instance, `shutDown` runs and
 * the process ends when it has. The Functions Framework would end the process at once, in the middle of whatever is under
 * way; what it registers for these signals is taken back, whenever it does so.
 */
export function endInGoodOrder(shutDown: () => Promise<void>): void {
  let ending: Promise<void> | undefined;

  function end(): void {
    // The answers are on their way out when this has resolved; the next turn of the loop lets them leave.
    ending ??= shutDown().finally(() => setTimeout(() => process.exit(0), LEAVE_MS));
  }

  function takeOver(): void {
    for (const signal of SIGNALS) {
      for (const listener of process.listeners(signal)) if (listener !== end) process.off(signal, listener);
      if (!process.listeners(signal).includes(end)) process.on(signal, end);
    }
  }

  takeOver();
  process.on('newListener', (event: string | symbol, listener: unknown) => {
    // It is told of before it is registered.
    if (SIGNALS.some((signal) => signal === event) && listener !== end) queueMicrotask(takeOver);
  });
}

/** So long an answer may take to leave the process. */
const LEAVE_MS = 50;
