/**
 * The memory of this process for outputs, in bytes of their JSON, shared by all executions. What does not fit any more is
 * read back from the database where an expression names it.
 */
export interface OutputRoom {
  /** Whether another execution may begin: there is room for all that it may hold. */
  hasRoom(): boolean;
  /** Takes so much, if it is free. */
  take(bytes: number): boolean;
  give(bytes: number): void;
}

/** The most that all outputs of one execution may take, in bytes of their JSON. */
export const MAX_EXECUTION_OUTPUT_BYTES = 20 * 1024 * 1024;
/** What one process holds of outputs unless told otherwise, in bytes of their JSON. */
export const DEFAULT_OUTPUT_ROOM_BYTES = 128 * 1024 * 1024;

export function outputRoom(maxBytes: number = DEFAULT_OUTPUT_ROOM_BYTES): OutputRoom {
  let heldBytes = 0;
  return {
    hasRoom: () => heldBytes + Math.min(MAX_EXECUTION_OUTPUT_BYTES, maxBytes) <= maxBytes,
    take(bytes) {
      if (heldBytes + bytes > maxBytes) return false;
      heldBytes += bytes;
      return true;
    },
    give(bytes) {
      heldBytes -= bytes;
    },
  };
}

/** What one execution has of outputs. */
export interface ExecutionOutputs {
  /** Whether so much more stays within what one execution may have; it is counted if it does. */
  count(bytes: number): boolean;
  /** Takes back what was counted, for an output that could not be kept. */
  uncount(bytes: number): void;
  /** Holds a text in memory, if there is room for it. */
  hold(json: string): boolean;
  /** Gives back everything that is held. */
  release(): void;
}

/** The outputs of an execution that has so many bytes of them already. */
export function executionOutputs(room: OutputRoom, recordedBytes: number): ExecutionOutputs {
  let countedBytes = recordedBytes;
  let heldBytes = 0;
  let released = false;
  return {
    uncount(bytes) {
      countedBytes -= bytes;
    },
    count(bytes) {
      if (countedBytes + bytes > MAX_EXECUTION_OUTPUT_BYTES) return false;
      countedBytes += bytes;
      return true;
    },
    hold(json) {
      // What was left behind at the deadline may come back after all.
      if (released || !room.take(json.length)) return false;
      heldBytes += json.length;
      return true;
    },
    release() {
      released = true;
      room.give(heldBytes);
      heldBytes = 0;
    },
  };
}
