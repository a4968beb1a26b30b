const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Takes control of the end of this process: on SIGTERM, which the cloud sends before it removes an instance, `shutDown`
 * runs, and then the process ends. The Functions Framework would end the process at once, in the middle of running
 * work; its handlers for these signals are removed whenever it registers them.
 */
export function endInGoodOrder(shutDown: () => Promise<void>): void {
  let ending: Promise<void> | undefined;

  function end(): void {
    // When this resolves, the answers are being sent; the next turn of the loop lets them leave.
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
    // The event fires before the listener is registered.
    if (SIGNALS.some((signal) => signal === event) && listener !== end) queueMicrotask(takeOver);
  });
}

/** How long an answer may take to leave the process. */
const LEAVE_MS = 50;
