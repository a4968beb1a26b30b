import { describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { PlaybookError, type FailureCode } from '#core/failure.ts';
import type { LanguageModel } from '#ports/language-model.ts';
import { stepContext } from '#testing/builders/step-context.ts';
import { stepPorts } from '#testing/builders/step-ports.ts';
import { authored, type Authors } from './authorship.ts';

const silent: LanguageModel = {
  complete: () => Promise.reject(new PlaybookError('internal', 'It is not called here.')),
};

interface Changes {
  readonly lastAttempt?: boolean;
  readonly signal?: AbortSignal;
}

/** An attempt whose conversation with the model ends with this error. */
function ends(error: unknown, changes: Changes = {}) {
  const authors: Authors<string> = {
    async withModel() {
      throw error;
    },
    plainly: (because) => `plain: ${because}`,
  };
  return authored(authors, stepContext(changes), portsWith(silent));
}

/** An attempt whose model answers every question with this error. */
function refuses(error: unknown, changes: Changes = {}) {
  const authors: Authors<string> = {
    async withModel({ model, signal }) {
      await model.complete({ model: 'm', system: '', messages: [], tools: [], maxTokens: 1, timeoutMs: 1, signal });
      return 'written';
    },
    plainly: (because) => `plain: ${because}`,
  };
  const model: LanguageModel = {
    async complete() {
      throw error;
    },
  };
  return authored(authors, stepContext(changes), portsWith(model));
}

function portsWith(model: LanguageModel) {
  return stepPorts({ model, secrets: ['canary-secret-1'], documents: sqliteDocuments({ file: ':memory:' }) });
}

const failed = (code: FailureCode) => new PlaybookError(code, 'Told by canary-secret-1.');
const answered = (code: FailureCode, status: number) =>
  new PlaybookError(code, `Claude (m) answered ${status}: no, canary-secret-1.`, { details: { status } });

test('without a configured model the text is plain, says so, and is not called degraded', async () => {
  const text = await authored(
    { withModel: async () => 'written', plainly: (because) => because },
    stepContext(),
    stepPorts(),
  );
  expect(text).toMatchObject({ degraded: false, text: expect.stringContaining('none is configured') });
});

test("the model's text is used unchanged", async () => {
  const authors = { withModel: async () => 'written', plainly: () => 'plain' };
  expect(await authored(authors, stepContext(), stepPorts({ model: silent }))).toEqual({
    text: 'written',
    degraded: false,
    reason: null,
  });
});

describe('a model that failed', () => {
  test.each(['model_refused', 'output_invalid', 'budget_exceeded'] as const)(
    'permanently with %s is replaced by the plain author immediately',
    async (code) => {
      expect(await ends(failed(code))).toMatchObject({ degraded: true, reason: expect.stringContaining(code) });
    },
  );

  test.each([
    ['unauthenticated', 401],
    ['unauthenticated', 403],
    ['rejected', 400],
    ['rejected', 404],
    ['rejected', 413],
    ['budget_exceeded', 429],
    ['budget_exceeded', 402],
  ] as const)(
    "because Claude refuses with %s %i is replaced immediately, with Claude's message",
    async (code, status) => {
      const said = `Claude (m) answered ${status}: no, [redacted]`;
      expect(await refuses(answered(code, status))).toEqual({
        text: `plain: It was written without a language model, because ${said}.`,
        degraded: true,
        reason: `The model failed (${code}): ${said}.`,
      });
    },
  );

  test.each(['unavailable', 'timeout', 'rate_limited'] as const)(
    'with %s is tried again while there is an attempt left',
    async (code) => {
      await expect(refuses(failed(code))).rejects.toMatchObject({ code });
      expect(await refuses(failed(code), { lastAttempt: true })).toMatchObject({ degraded: true });
    },
  );

  test.each(['thinking_used_up', 'too_long', 'empty', 'context_full', 'paused'])(
    'to give a complete answer (%s) tells readers so',
    async (reply) => {
      const { text } = await ends(new PlaybookError('output_invalid', 'It held 99.', { details: { reply } }));
      expect(text).toMatch(/because its .*\.$|because it paused|because the data and the conversation/);
      expect(text).not.toContain('99');
    },
  );

  test('gives its reason without secrets', async () => {
    expect(JSON.stringify(await ends(failed('model_refused')))).not.toContain('canary-secret-1');
  });

  test('because time is up does not start another text', async () => {
    const signal = AbortSignal.abort(failed('deadline_exceeded'));
    await expect(ends(failed('output_invalid'), { lastAttempt: true, signal })).rejects.toMatchObject({
      code: 'output_invalid',
    });
  });
});

describe('a failure that is not of the model fails the step, even on the last attempt:', () => {
  test.each(['unconfigured', 'unknown_agent', 'lease_lost', 'internal', 'unavailable', 'unauthenticated'] as const)(
    '%s outside the model',
    async (code) => {
      await expect(ends(failed(code), { lastAttempt: true })).rejects.toMatchObject({ code });
    },
  );

  test.each(['internal', 'input_invalid', 'lease_lost'] as const)('%s while it was called', async (code) => {
    await expect(refuses(failed(code), { lastAttempt: true })).rejects.toMatchObject({ code });
  });

  test('a bug', async () => {
    await expect(ends(new TypeError('x is undefined'), { lastAttempt: true })).rejects.toThrow(TypeError);
    await expect(refuses(new TypeError('x is undefined'), { lastAttempt: true })).rejects.toThrow(TypeError);
  });
});

test('a model whose key cannot be read is also replaced on the last attempt', async () => {
  const ports = {
    ...portsWith(silent),
    model: () => Promise.reject(new PlaybookError('unavailable', 'Secret Manager is down.')),
  };
  const authors = { withModel: async () => 'written', plainly: () => 'plain' };
  await expect(authored(authors, stepContext(), ports)).rejects.toMatchObject({ code: 'unavailable' });
  expect(await authored(authors, stepContext({ lastAttempt: true }), ports)).toMatchObject({
    degraded: true,
    reason: 'The model failed (unavailable): Secret Manager is down.',
  });
});
