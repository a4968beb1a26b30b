import type { Json } from '#core/json.ts';
import type { ModelCall, ToolCall } from '#language/playbook/step-calls.ts';

/** An attempt that begins, or goes on with what it recorded before. */
export interface AttemptBegin {
  readonly number: number;
  readonly startedAt: Date;
  readonly input?: Json;
  readonly modelCalls?: readonly ModelCall[];
  readonly toolCalls?: readonly ToolCall[];
}

/**
 * The state of an attempt while it runs. An abandoned body may keep running, but once the attempt is closed its calls
 * are ignored: adding one then returns false.
 */
export function attemptSoFar({ number, startedAt, ...told }: AttemptBegin) {
  const modelCalls: ModelCall[] = [...(told.modelCalls ?? [])];
  const toolCalls: ToolCall[] = [...(told.toolCalls ?? [])];
  let { input } = told;
  let isOver = false;
  const add = <Call>(calls: Call[], call: Call): boolean => {
    if (!isOver) calls.push(call);
    return !isOver;
  };
  const fields = () => ({
    number,
    startedAt,
    ...(input === undefined ? {} : { input }),
    ...(modelCalls.length === 0 ? {} : { modelCalls: [...modelCalls] }),
    ...(toolCalls.length === 0 ? {} : { toolCalls: [...toolCalls] }),
  });
  return {
    fields,
    setInput(recorded: Json): void {
      input = recorded;
    },
    addModelCall: (call: ModelCall): boolean => add(modelCalls, call),
    addToolCall: (call: ToolCall): boolean => add(toolCalls, call),
    /** Ends the attempt, and returns its fields. */
    close() {
      isOver = true;
      return fields();
    },
  };
}
