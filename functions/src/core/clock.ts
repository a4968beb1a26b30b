/**
 * The engine's source of time. Tests inject one that advances by itself; nothing in the engine reads the system clock.
 */
export interface Clock {
  now(): Date;
  /** Resolves after `delayMs`, or rejects with the signal's reason as soon as it aborts. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
  /** Calls back once after `delayMs`; the returned function cancels. Does not keep the process running. */
  after(delayMs: number, callback: () => void): () => void;
}
