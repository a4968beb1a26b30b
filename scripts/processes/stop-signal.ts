const LOOK_FOR_PARENT_MS = 1_000;

/** Aborts on Ctrl-C and similar signals, and when npm has ended; a second signal ends the process at once. */
export function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping.signal.aborted) process.exit(130);
      stopping.abort();
    });
  }
  if (process.env['npm_lifecycle_event'] !== undefined) abortWithParent(stopping);
  return stopping.signal;
}

/** npm passes a signal on to the shell in which it starts us, and the shell ends without passing it on. */
function abortWithParent(stopping: AbortController): void {
  const parent = process.ppid;
  const looking = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(looking);
    stopping.abort();
  }, LOOK_FOR_PARENT_MS);
  looking.unref();
}
