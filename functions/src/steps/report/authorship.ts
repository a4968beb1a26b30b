import type { AgentWorld } from '#agents/conversation/world.ts';
import { type FailureCode, isRetryable, PlaybookError } from '#core/failure.ts';
import { redactor } from '#core/redact/redact.ts';
import type { StepContext } from '#language/playbook/step-type.ts';
import type { StepPorts } from '../definition/define-step.ts';
import { isRefusal, whyNotWritten } from './model-refusal.ts';
import { tellOfRefusal } from './tell-of-refusal.ts';

/** A text, and whether a language model wrote it. */
export interface Authored<Text> {
  readonly text: Text;
  /** Whether a language model was called and failed, so that the figures have no commentary. */
  readonly degraded: boolean;
  /** Why no language model wrote it, in a sentence; null if one did. */
  readonly reason: string | null;
}

/** The two authors of a text. */
export interface Authors<Text> {
  withModel(world: AgentWorld): Promise<Text>;
  /** `because` is the sentence that explains this to the reader. */
  plainly(because: string): Text;
}

/**
 * Has a text written by the language model, or only from the data if none is configured or the model has failed permanently,
 * in which case people are notified. Throws failures that another attempt may fix, errors in the playbook or its settings,
 * and our own bugs, which must not hide behind a text.
 */
export async function authored<Text>(
  authors: Authors<Text>,
  context: StepContext,
  ports: StepPorts,
): Promise<Authored<Text>> {
  const witness = modelWitness();
  try {
    const model = await witness.watch(() => ports.model());
    if (model === undefined) return { text: authors.plainly(NOT_CONFIGURED), degraded: false, reason: NOT_CONFIGURED };
    const world: AgentWorld = {
      model: { complete: (request) => witness.watch(() => model.complete(request)) },
      prices: await ports.settings.models(),
      clock: context.clock,
      signal: context.signal,
      recordModelCall: (call) => context.recordModelCall(call),
      recordToolCall: (call) => context.recordToolCall(call),
    };
    return { text: await authors.withModel(world), degraded: false, reason: null };
  } catch (thrown) {
    if (context.signal.aborted || !(thrown instanceof PlaybookError)) throw thrown;
    const isOfModel = witness.saw(thrown);
    if (!isFinal(thrown, isOfModel, context)) throw thrown;
    const redact = redactor(() => ports.secrets.known());
    const failure = { code: thrown.code, message: redact.text(thrown.message), details: thrown.details };
    const text = authors.plainly(`It was written without a language model, because ${whyNotWritten(failure)}.`);
    if (isOfModel && isRefusal(failure)) await tellOfRefusal(failure, context, ports);
    return { text, degraded: true, reason: `The model failed (${failure.code}): ${failure.message}` };
  }
}

const NOT_CONFIGURED =
  'It was written without a language model, because none is configured (ANTHROPIC_API_KEY is not set).';

/** Distinguishes failures of the model from other failures: settings, the database, tools. */
function modelWitness() {
  const seen = new WeakSet<PlaybookError>();
  return {
    saw: (error: PlaybookError): boolean => seen.has(error),
    async watch<Value>(call: () => Promise<Value>): Promise<Value> {
      try {
        return await call();
      } catch (thrown) {
        if (thrown instanceof PlaybookError) seen.add(thrown);
        throw thrown;
      }
    },
  };
}

/** The codes with which a conversation ends without an answer; another one would end in the same way. */
const WITHOUT_ANSWER: ReadonlySet<FailureCode> = new Set(['model_refused', 'output_invalid', 'budget_exceeded']);

/** Refusals that only a person can fix: the key, the credit, the name of the model, the request. */
const REFUSED: ReadonlySet<FailureCode> = new Set(['unauthenticated', 'rejected']);

function isFinal(error: PlaybookError, isOfModel: boolean, { lastAttempt }: StepContext): boolean {
  if (WITHOUT_ANSWER.has(error.code)) return true;
  return isOfModel && (REFUSED.has(error.code) || (lastAttempt && isRetryable(error)));
}
