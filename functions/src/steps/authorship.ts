import type { AgentWorld } from '../agents/world.ts';
import { type FailureCode, isRetryable, PlaybookError } from '../engine/failure.ts';
import { redactor } from '../engine/redact.ts';
import type { StepContext } from '../engine/step-type.ts';
import type { Ports } from '../ports/ports.ts';

/** A text, and whether a language model stands behind it. */
export interface Authored<Text> {
  readonly text: Text;
  /** Whether a language model was asked and failed, so that the figures stand without commentary. */
  readonly degraded: boolean;
  /** Why no language model wrote it, in a sentence; null where one did. */
  readonly reason: string | null;
}

/** The two authors of a text. */
export interface Authors<Text> {
  withModel(world: AgentWorld): Promise<Text>;
  /** `because` is the sentence that tells the reader why. */
  plainly(because: string): Text;
}

/** Another attempt would end the same way, and a text without commentary is better than none. */
const GIVES_NO_TEXT: ReadonlySet<FailureCode> = new Set(['model_refused', 'output_invalid', 'budget_exceeded']);

/** For readers; the failure's own message may quote the very figures that were refused, and stays in the record. */
const FOR_READERS: Readonly<Partial<Record<FailureCode, string>>> = {
  model_refused: 'the model refused to answer',
  output_invalid: 'what the model answered could not be used',
  budget_exceeded: 'the budget for the model is used up',
  rate_limited: 'the model was asked too often',
  timeout: 'the model did not answer in time',
};

/**
 * Has a text written by the language model, or from the data alone: where none is configured, and where the model has
 * failed for good. Failures that another attempt may mend, and those of configuration, are thrown.
 */
export async function authored<Text>(
  authors: Authors<Text>,
  context: StepContext,
  ports: Ports,
): Promise<Authored<Text>> {
  const model = await ports.model();
  if (model === undefined) {
    const reason =
      'It was written without a language model, because none is configured (ANTHROPIC_API_KEY is not set).';
    return { text: authors.plainly(reason), degraded: false, reason };
  }
  const { clock, signal } = context;
  const world: AgentWorld = {
    model,
    prices: await ports.settings.models(),
    clock,
    signal,
    recordModelCall: (call) => context.recordModelCall(call),
    recordToolCall: (call) => context.recordToolCall(call),
  };
  try {
    return { text: await authors.withModel(world), degraded: false, reason: null };
  } catch (thrown) {
    if (signal.aborted || !(thrown instanceof PlaybookError) || !isFinal(thrown, context)) throw thrown;
    const cause = redactor(() => ports.secrets.known()).text(thrown.message);
    const because = FOR_READERS[thrown.code] ?? 'the model was out of reach';
    const text = authors.plainly(`It was written without a language model, because ${because}.`);
    return { text, degraded: true, reason: `The model failed (${thrown.code}): ${cause}` };
  }
}

function isFinal(error: PlaybookError, context: StepContext): boolean {
  return GIVES_NO_TEXT.has(error.code) || (context.lastAttempt && isRetryable(error));
}
