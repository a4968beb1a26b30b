/** Time, as the engine sees it. Tests inject one that moves by itself; nothing in the engine reads the system's clock. */
export interface Clock {
  now(): Date;
  /** Resolves after `delayMs`, or rejects with the signal's reason as soon as it aborts. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
  /** Calls back once after `delayMs`; the returned function cancels. Does not keep the process alive. */
  after(delayMs: number, callback: () => void): () => void;
}
