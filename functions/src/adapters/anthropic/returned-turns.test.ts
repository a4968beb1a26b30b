import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ModelContent, ModelReply, ModelRequest } from '#ports/language-model.ts';
import { startClaudeServer, type ClaudeReply, type ClaudeServer } from '#testing/servers/claude-server.ts';
import { jsonReply, startLocalServer } from '#testing/servers/local-server.ts';
import { anthropicModel } from './language-model.ts';

let server: ClaudeServer;

beforeEach(async () => {
  server = await startClaudeServer();
});
afterEach(async () => server.close());

const request: ModelRequest = {
  model: 'claude-sonnet-5-5',
  system: 'You are terse.',
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
  tools: [{ name: 'getTime', description: 'Tells the time.', inputSchema: { type: 'object' } }],
  maxTokens: 1_000,
  timeoutMs: 5_000,
  signal: new AbortController().signal,
};

function complete(reply: ClaudeReply, over: Partial<ModelRequest> = {}): Promise<ModelReply> {
  server.replies.push(reply);
  return anthropicModel({ apiKey: 'key', baseUrl: server.url }).complete({ ...request, ...over });
}

function results(content: readonly ModelContent[]): ModelContent[] {
  return content.flatMap((part) =>
    part.type === 'tool_use'
      ? [{ type: 'tool_result' as const, toolUseId: part.id, content: '12:00', isError: false }]
      : [],
  );
}

function answered(content: readonly ModelContent[]): Pick<ModelRequest, 'messages'> {
  return {
    messages: [...request.messages, { role: 'assistant', content }, { role: 'user', content: results(content) }],
  };
}

const thinking = { type: 'thinking', thinking: 'Zürich 😀 first.\u2028\u0000', signature: 'EqQBCgIYAhIM/+=' };
const redacted = { type: 'redacted_thinking', data: 'EmwKAhgBEgy3va3pzix' };
const use = (id: string, more = {}) => ({ type: 'tool_use', id, name: 'getTime', input: { zone: 'UTC' }, ...more });

describe('what Claude said goes back as it came:', () => {
  test.each([
    ['thinking before two calls of tools', [thinking, use('toolu_1'), use('toolu_2')]],
    ['thinking that is only a signature', [{ ...thinking, thinking: '' }, use('toolu_1')]],
    ['thinking that nobody may read', [redacted, thinking, use('toolu_1')]],
    ['thinking between texts and calls', [thinking, { type: 'text', text: 'I look.' }, thinking, use('toolu_1')]],
    [
      'a text with its citations',
      [
        { type: 'text', text: 'See.', citations: [{ type: 'char_location', cited_text: 'x', start: 1 }] },
        use('toolu_1'),
      ],
    ],
    ['a call with its caller', [use('toolu_1', { caller: { type: 'direct' } })]],
    [
      'a block of tomorrow',
      [{ type: 'foresight', weights: [1, [2, { deep: null }]], text: 7, input: 'x' }, use('toolu_1')],
    ],
    [
      'keys that JavaScript has a meaning for',
      [{ type: 'foresight', ['__proto__x']: 1, constructor: 2, toString: '3' }, use('toolu_1')],
    ],
  ])('%s', async (_, content) => {
    const first = await complete({ kind: 'message', content, stop: 'tool_use' });
    await complete({ kind: 'text', text: 'Noon.' }, answered(first.content));
    expect(server.refusals).toEqual([]);
    expect(server.requests[1]?.messages[1]).toEqual({ role: 'assistant', content });
  });

  test('numbers as they were written, and a key of any name', async () => {
    const block =
      '{"type":"foresight","__proto__":{"a":1},"n":[1.0,1e400,7615917337495251231,-0,0.1],"s":"\\ud83d","b":true}';
    const bodies: string[] = [];
    const raw = await startLocalServer(({ body }) => {
      bodies.push(body);
      const usage = '{"input_tokens":1,"output_tokens":1}';
      const text = `{"type":"message","model":"m","stop_reason":"tool_use","usage":${usage},"content":[${block},${JSON.stringify(use('t'))}]}`;
      return { ...jsonReply(200, {}), body: text };
    });
    const model = anthropicModel({ apiKey: 'key', baseUrl: raw.url });
    const { content } = await model.complete(request);
    await model.complete({ ...request, ...answered(content) });
    await raw.close();
    expect(bodies[1]).toContain(block);
  });
});

describe('a server that refuses what Claude refuses', () => {
  const said = { kind: 'message', content: [thinking, use('toolu_1')], stop: 'tool_use' } as const;

  test('does not take a turn whose thinking was left out', async () => {
    const { content } = await complete(said);
    const sent = complete({ kind: 'text', text: 'x' }, answered(content.filter(({ type }) => type !== 'opaque')));
    await expect(sent).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringContaining(
        'messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`.',
      ),
    });
  });

  test('does not take thinking that was changed', async () => {
    const { content } = await complete(said);
    const changed = content.map((part) =>
      part.type === 'opaque' ? { ...part, received: part.received.replace('first', 'last') } : part,
    );
    const sent = complete({ kind: 'text', text: 'x' }, answered(changed));
    await expect(sent).rejects.toMatchObject({ message: expect.stringContaining('cannot be modified') });
  });
});
