import { describe, expect, test } from 'vitest';
import type { ModelReply, ModelRequest } from '#ports/language-model.ts';
import { jsonReply, startLocalServer, type LocalReply, type LocalRequest } from '#testing/servers/local-server.ts';
import { anthropicModel } from './language-model.ts';

const REQUEST: ModelRequest = {
  model: 'claude-sonnet-5-5',
  system: '',
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
  tools: [],
  maxTokens: 100,
  timeoutMs: 5_000,
  signal: new AbortController().signal,
};
const MESSAGE = {
  type: 'message',
  model: 'claude-sonnet-5-5',
  content: [{ type: 'text', text: 'Hi.' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 1, output_tokens: 2 },
};

/** What comes of one request that is answered with `reply`, and what was sent. */
async function ask(reply: LocalReply): Promise<{
  readonly said: ModelReply | undefined;
  readonly thrown: unknown;
  readonly heard: readonly LocalRequest[];
}> {
  const server = await startLocalServer(() => reply);
  const model = anthropicModel({ apiKey: 'key', baseUrl: server.url });
  try {
    return { said: await model.complete(REQUEST), thrown: undefined, heard: server.heard };
  } catch (thrown) {
    return { said: undefined, thrown, heard: server.heard };
  } finally {
    await server.close();
  }
}

test('what Claude receives has the headers of its SDK, the key once, and no field that was not asked for', async () => {
  const { heard } = await ask(jsonReply(200, MESSAGE));

  const [sent] = heard;
  expect(heard).toHaveLength(1);
  expect({ method: sent?.method, url: sent?.url.pathname, body: JSON.parse(sent?.body ?? '') }).toEqual({
    method: 'POST',
    url: '/v1/messages',
    body: {
      model: 'claude-sonnet-5-5',
      max_tokens: 100,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
    },
  });
  const names = Object.keys(sent?.headers ?? {}).filter((name) => !name.startsWith('x-stainless-'));
  expect(names.toSorted()).toEqual([
    'accept',
    'accept-encoding',
    'anthropic-version',
    'authorization',
    'connection',
    'content-length',
    'content-type',
    'host',
    'user-agent',
  ]);
  expect(Object.values(sent?.headers ?? {}).filter((value) => value.includes('key'))).toEqual(['Bearer key']);
});

describe('the reason why Claude stopped', () => {
  test.each([
    ['end_turn', 'end_turn'],
    ['tool_use', 'tool_use'],
    ['max_tokens', 'max_tokens'],
    ['refusal', 'refusal'],
    ['pause_turn', 'pause_turn'],
    ['model_context_window_exceeded', 'context_full'],
    ['stop_sequence', 'other'],
    ['a_reason_of_next_year', 'other'],
    ['', 'other'],
    ['constructor', 'other'],
    [null, 'other'],
  ])('%j is %s', async (stop_reason, stopReason) => {
    const { said } = await ask(jsonReply(200, { ...MESSAGE, stop_reason }));

    expect(said).toMatchObject({ stopReason, refusal: undefined });
  });
});

describe('a status of Claude', () => {
  test.each([
    [400, 'rejected'],
    [401, 'unauthenticated'],
    [402, 'budget_exceeded'],
    [403, 'unauthenticated'],
    [404, 'rejected'],
    [408, 'unavailable'],
    [409, 'unavailable'],
    [410, 'rejected'],
    [413, 'rejected'],
    [422, 'rejected'],
    [425, 'unavailable'],
    [429, 'rate_limited'],
    [499, 'rejected'],
    [500, 'unavailable'],
    [502, 'unavailable'],
    [503, 'unavailable'],
    [504, 'unavailable'],
    [529, 'unavailable'],
  ])('%i is %s', async (status, code) => {
    const { thrown } = await ask(jsonReply(status, { type: 'error', error: { type: 'x', message: 'No.' } }));

    expect(thrown).toMatchObject({ code, details: { status } });
  });

  test.each([
    ['rejected', 400],
    ['unauthenticated', 401],
    ['budget_exceeded', 402],
    ['rate_limited', 429],
    ['unavailable', 529],
  ])('that is %s says how long to wait only where waiting helps', async (code, status) => {
    const error = { type: 'error', error: { type: 'x', message: 'No.' } };
    const { thrown } = await ask(jsonReply(status, error, { 'retry-after': '7' }));

    const waits = code === 'rate_limited' || code === 'unavailable';
    expect(thrown).toMatchObject({ code, retryAfterMs: waits ? 7_000 : undefined });
  });
});

const RATE = 'This request would exceed the rate limit of your organization.';
const USAGE = 'You have reached your specified API usage limits.';
const SPEND = 'You have reached your spend limit.';

describe('429 is a limit that waiting does not lift', () => {
  test.each([
    [RATE, undefined, undefined, 'rate_limited'],
    [RATE, '7', undefined, 'rate_limited'],
    [USAGE, undefined, undefined, 'budget_exceeded'],
    [USAGE, '7', undefined, 'rate_limited'],
    [SPEND, undefined, undefined, 'budget_exceeded'],
    [SPEND, '7', undefined, 'rate_limited'],
    [RATE, undefined, 'enforced_spend_limit_reached', 'budget_exceeded'],
    [RATE, '7', 'enforced_spend_limit_reached', 'budget_exceeded'],
    [USAGE, '7', 'enforced_spend_limit_reached', 'budget_exceeded'],
    [RATE, undefined, 'another_code', 'rate_limited'],
    [USAGE, undefined, 'another_code', 'budget_exceeded'],
    [USAGE, 'soon', undefined, 'budget_exceeded'],
  ])('if it says %j, Retry-After %s and the code %s: %s', async (message, retryAfter, errorCode, code) => {
    const details = errorCode === undefined ? {} : { details: { error_code: errorCode } };
    const body = { type: 'error', error: { type: 'rate_limit_error', message, ...details } };
    const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter };

    const { thrown } = await ask(jsonReply(429, body, headers));

    expect(thrown).toMatchObject({ code });
  });
});
