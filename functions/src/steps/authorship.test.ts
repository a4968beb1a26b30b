import { describe, expect, test } from 'vitest';
import { PlaybookError, type FailureCode } from '../engine/failure.ts';
import type { LanguageModel } from '../ports/language-model.ts';
import { stepContext } from '../testing/step-context.ts';
import { stepPorts } from '../testing/step-ports.ts';
import { authored, type Authors } from './authorship.ts';

const silent: LanguageModel = { complete: () => Promise.reject(new PlaybookError('internal', 'Nobody asks it here.')) };

function failing(error: unknown): Authors<string> {
  return {
    async withModel() {
      throw error;
    },
    plainly: (because) => `plain: ${because}`,
  };
}

function attempt(error: unknown, changes: { readonly lastAttempt?: boolean; readonly signal?: AbortSignal } = {}) {
  const ports = stepPorts({ model: silent, secrets: ['canary-secret-1'] });
  return authored(failing(error), stepContext(changes), ports);
}

const failed = (code: FailureCode) => new PlaybookError(code, 'Told by canary-secret-1.');

test('without a configured model the text is plain, says so, and is not called degraded', async () => {
  const text = await authored(failing(failed('internal')), stepContext(), stepPorts());
  expect(text).toMatchObject({ degraded: false, text: expect.stringContaining('none is configured') });
});

test('what the model wrote is taken as it is', async () => {
  const authors = { withModel: async () => 'written', plainly: () => 'plain' };
  expect(await authored(authors, stepContext(), stepPorts({ model: silent }))).toEqual({
    text: 'written',
    degraded: false,
    reason: null,
  });
});

describe('a model that failed', () => {
  test.each(['model_refused', 'output_invalid', 'budget_exceeded'] as const)(
    'for good with %s gives way to the plain author at once',
    async (code) => {
      expect(await attempt(failed(code))).toMatchObject({ degraded: true, reason: expect.stringContaining(code) });
    },
  );

  test.each(['unavailable', 'timeout', 'rate_limited'] as const)(
    'with %s is tried again while there is an attempt left',
    async (code) => {
      await expect(attempt(failed(code))).rejects.toMatchObject({ code });
      expect(await attempt(failed(code), { lastAttempt: true })).toMatchObject({ degraded: true });
    },
  );

  test.each(['unauthenticated', 'rejected', 'unconfigured', 'unknown_agent', 'lease_lost'] as const)(
    'with %s fails the step, also on the last attempt, because a person has to mend it',
    async (code) => {
      await expect(attempt(failed(code), { lastAttempt: true })).rejects.toMatchObject({ code });
    },
  );

  test('tells its reason without secrets', async () => {
    expect(JSON.stringify(await attempt(failed('model_refused')))).not.toContain('canary-secret-1');
  });

  test('because time is up does not begin another text', async () => {
    const signal = AbortSignal.abort(failed('deadline_exceeded'));
    await expect(attempt(failed('output_invalid'), { lastAttempt: true, signal })).rejects.toMatchObject({
      code: 'output_invalid',
    });
  });
});

test('a bug is never hidden behind a plain text', async () => {
  await expect(attempt(new TypeError('x is undefined'), { lastAttempt: true })).rejects.toThrow(TypeError);
});
