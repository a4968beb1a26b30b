import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ModelReply, ModelRequest } from '#ports/language-model.ts';
import { startClaudeServer, type ClaudeReply, type ClaudeServer } from '#testing/servers/claude-server.ts';
import { anthropicModel } from './language-model.ts';

let server: ClaudeServer;

beforeAll(async () => {
  server = await startClaudeServer({ apiKey: 'right-key' });
});
beforeEach(() => {
  server.replies.length = 0;
  server.requests.length = 0;
  server.refusals.length = 0;
});
afterAll(() => server.close());

const request: ModelRequest = {
  model: 'claude-sonnet-5-5',
  system: 'You are terse.',
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
  tools: [],
  maxTokens: 1000,
  timeoutMs: 2000,
  signal: new AbortController().signal,
};

function complete(reply: ClaudeReply, over: Partial<ModelRequest> = {}, apiKey = 'right-key'): Promise<ModelReply> {
  server.replies.push(reply);
  return anthropicModel({ apiKey, baseUrl: server.url }).complete({ ...request, ...over });
}

describe('an answer of Claude', () => {
  test('in text comes back with what it cost', async () => {
    const usage = { input_tokens: 10, output_tokens: 20, cache_read_input_tokens: 30, cache_creation_input_tokens: 40 };
    expect(await complete({ kind: 'text', text: 'Hi.', usage })).toEqual({
      model: 'claude-sonnet-5-5',
      content: [{ type: 'text', text: 'Hi.', received: '{"type":"text","text":"Hi.","citations":null}' }],
      stopReason: 'end_turn',
      usage: { inputTokens: 10, outputTokens: 20, cacheReadTokens: 30, cacheWriteTokens: 40 },
      requestId: expect.stringMatching(/^req_/),
    });
  });

  test('that calls a tool can be answered with the result', async () => {
    const tools = [
      { name: 'getTime', description: 'Tells the time.', inputSchema: { type: 'object', properties: {} } },
    ];
    const first = await complete({ kind: 'tool_use', name: 'getTime', input: { zone: 'UTC' } }, { tools });
    const [use] = first.content;
    expect(first.stopReason).toBe('tool_use');
    expect(use).toMatchObject({ type: 'tool_use', name: 'getTime', input: { zone: 'UTC' } });

    const toolUseId = use?.type === 'tool_use' ? use.id : '';
    const messages: ModelRequest['messages'] = [
      ...request.messages,
      { role: 'assistant', content: [{ type: 'text', text: '' }, ...first.content] },
      { role: 'user', content: [{ type: 'tool_result', toolUseId, content: '12:00', isError: false }] },
    ];
    const second = await complete({ kind: 'text', text: 'Noon.' }, { tools, messages });
    expect([second.content, server.refusals]).toMatchObject([[{ type: 'text', text: 'Noon.' }], []]);
  });

  test('cut at the limit says so', async () => {
    expect((await complete({ kind: 'max_tokens', text: 'Once upon' })).stopReason).toBe('max_tokens');
  });

  test('that refuses says so, with or without words', async () => {
    expect(await complete({ kind: 'refusal' })).toMatchObject({ stopReason: 'refusal', content: [] });
    const explained = await complete({ kind: 'refusal', explanation: 'It could do harm.' });
    expect(explained).toMatchObject({ stopReason: 'refusal', refusal: 'It could do harm.' });
  });

  test.each([
    ['pause_turn', 'pause_turn'],
    ['model_context_window_exceeded', 'context_full'],
    ['stop_sequence', 'other'],
    ['a_reason_of_tomorrow', 'other'],
  ])('that stopped with %s is known as %s', async (stop, stopReason) => {
    expect(await complete({ kind: 'message', content: [], stop })).toMatchObject({ stopReason });
  });

  test('says how much of it was thinking, where Claude says so', async () => {
    const content = [{ type: 'thinking', thinking: 'Hm.', signature: 'sig' }];
    const usage = { output_tokens_details: { thinking_tokens: 7_990 } };
    const reply = await complete({ kind: 'message', content, stop: 'max_tokens', usage });
    expect(reply).toMatchObject({ stopReason: 'max_tokens', thinkingTokens: 7_990 });
  });
});

describe('a request to Claude', () => {
  test('carries system and tools with a mark for the prompt cache, and no sampling parameters', async () => {
    const tool = { name: 'a', description: 'A.', inputSchema: { type: 'object' } };
    await complete({ kind: 'text', text: 'ok' }, { tools: [tool, { ...tool, name: 'b' }] });
    const cached = { cache_control: { type: 'ephemeral' } };
    expect(server.requests[0]).toEqual({
      model: 'claude-sonnet-5-5',
      max_tokens: 1000,
      system: [{ type: 'text', text: 'You are terse.', ...cached }],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
      tools: [
        { name: 'a', description: 'A.', input_schema: { type: 'object' } },
        { name: 'b', description: 'A.', input_schema: { type: 'object' }, ...cached },
      ],
    });
  });

  test('for a structure carries a schema that Claude takes, whatever bounds ours has', async () => {
    const outputSchema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { title: { type: 'string', maxLength: 80 }, n: { type: 'integer', minimum: 1 } },
      required: ['title'],
    };
    await complete({ kind: 'text', text: '{"title":"x"}' }, { outputSchema });
    expect(server.refusals).toEqual([]);
    expect(server.requests[0]?.output_config?.format.schema).toMatchObject({
      additionalProperties: false,
      properties: { title: { description: expect.stringContaining('80') } },
    });
  });

  test('says how much thinking is wanted only where that is said', async () => {
    const outputSchema = { type: 'object', properties: {}, required: [] };
    await complete({ kind: 'text', text: '{}' }, { outputSchema });
    await complete({ kind: 'text', text: '{}' }, { outputSchema, effort: 'low' });
    expect(server.requests.map((sent) => sent.output_config?.effort)).toEqual([undefined, 'low']);
  });

  test('is sent once, also when it fails', async () => {
    await expect(complete({ kind: 'overloaded' })).rejects.toMatchObject({ code: 'unavailable' });
    expect(server.requests).toHaveLength(1);
  });
});

describe('a failure of Claude', () => {
  const cases: readonly (readonly [string, ClaudeReply, object])[] = [
    [
      '429 with a time to wait',
      { kind: 'rate_limited', retryAfter: '7' },
      { code: 'rate_limited', retryAfterMs: 7000 },
    ],
    ['429 without one', { kind: 'rate_limited' }, { code: 'rate_limited', retryAfterMs: undefined }],
    ['429 of a spend limit', { kind: 'spend_limit' }, { code: 'budget_exceeded' }],
    ['529', { kind: 'overloaded' }, { code: 'unavailable' }],
    ['500', { kind: 'error', status: 500, type: 'api_error', message: 'Internal' }, { code: 'unavailable' }],
    ['504', { kind: 'error', status: 504, type: 'timeout_error', message: 'Slow' }, { code: 'unavailable' }],
    ['400', { kind: 'error', status: 400, type: 'invalid_request_error', message: 'x' }, { code: 'rejected' }],
    [
      '400 for want of credit',
      {
        kind: 'error',
        status: 400,
        type: 'invalid_request_error',
        message: 'Your credit balance is too low to access the Anthropic API.',
      },
      { code: 'budget_exceeded', message: expect.stringContaining('Add credit'), details: { status: 400 } },
    ],
    ['402', { kind: 'error', status: 402, type: 'billing_error', message: 'x' }, { code: 'budget_exceeded' }],
    ['403', { kind: 'error', status: 403, type: 'permission_error', message: 'x' }, { code: 'unauthenticated' }],
    ['413', { kind: 'error', status: 413, type: 'request_too_large', message: 'x' }, { code: 'rejected' }],
    ['a cut connection', { kind: 'cut' }, { code: 'unavailable' }],
    ['JSON that is no message', { kind: 'garbage', body: '{"hello":1}' }, { code: 'output_invalid' }],
    ['JSON that does not parse', { kind: 'garbage', body: '{"type":' }, { code: 'output_invalid' }],
    ['a web page', { kind: 'garbage', body: '<html>', contentType: 'text/html' }, { code: 'output_invalid' }],
    [
      'a text block without text',
      { kind: 'garbage', body: '{"type":"message","content":[{"type":"text"}]}' },
      { code: 'output_invalid' },
    ],
  ];

  test.each(cases)('%s has its own code', async (_name, reply, expected) => {
    await expect(complete(reply)).rejects.toMatchObject(expected);
  });

  test('names the model, what Claude said, and the request', async () => {
    const failed = complete({ kind: 'text', text: 'x' }, { model: 'claude-unknown' });
    await expect(failed).rejects.toMatchObject({
      code: 'rejected',
      message: 'Claude (claude-unknown) answered 404: model: claude-unknown.',
      details: { status: 404, requestId: expect.stringMatching(/^req_/) },
    });
  });

  test('for a wrong key says which setting to check, and not the key', async () => {
    await expect(complete({ kind: 'text', text: 'x' }, {}, 'wrong-key')).rejects.toMatchObject({
      code: 'unauthenticated',
      message: 'Claude (claude-sonnet-5-5) answered 401: invalid x-api-key. Check ANTHROPIC_API_KEY.',
    });
  });

  test('to answer at all ends at our own limit', async () => {
    await expect(complete({ kind: 'hang' }, { timeoutMs: 100 })).rejects.toMatchObject({ code: 'timeout' });
  });

  test('does not outlive its abort', async () => {
    const controller = new AbortController();
    const sent = complete({ kind: 'hang' }, { signal: controller.signal });
    controller.abort();
    await expect(sent).rejects.toMatchObject({ code: 'interrupted' });
  });
});

test('the server refuses sampling parameters, as the real one does', async () => {
  const headers = { 'x-api-key': 'right-key', 'anthropic-version': '2026-10-21', 'content-type': 'application/json' };
  const body = JSON.stringify({
    model: 'claude-sonnet-5-5',
    max_tokens: 1,
    temperature: 0,
    messages: [{ role: 'user', content: 'x' }],
  });
  const response = await fetch(`${server.url}/v1/messages`, { method: 'POST', headers, body });
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { type: 'error', error: { type: 'invalid_request_error', message: expect.stringMatching(/^temperature/) } },
  ]);
});
