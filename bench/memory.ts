import { FUNCTION_MEMORY_MIB } from '#functions/function-memory.ts';
import { buildFunctions } from '#testing/runner/built-functions.ts';
import { runDenseOutputs } from '#testing/runner/dense-outputs.ts';

/** The memory that the built function uses with the most expensive outputs possible, in many concurrent executions. */
export interface MemoryPeak {
  readonly bench: 'memory';
  readonly database: 'sqlite';
  readonly atOnce: number;
  readonly peakMib: number;
  readonly limitMib: number;
  /** How many ended as failed in good order, as they must. */
  readonly ended: number;
  readonly tookMs: number;
}

/** Rebuilds the function, so that the current source is measured. */
export async function benchMemory(atOnce: number): Promise<MemoryPeak> {
  const functions = await buildFunctions();
  try {
    const { executions, peakMib, tookMs } = await runDenseOutputs(functions.source, atOnce);
    const ended = executions.filter((execution) => execution?.status === 'failed').length;
    const limitMib = FUNCTION_MEMORY_MIB;
    return { bench: 'memory', database: 'sqlite', atOnce, peakMib, limitMib, ended, tookMs: Math.round(tookMs) };
  } finally {
    functions.remove();
  }
}
