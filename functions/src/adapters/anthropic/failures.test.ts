import { APIConnectionError } from '@anthropic-ai/sdk';
import { describe, expect, test } from 'vitest';
import { PlaybookError } from '#core/failure.ts';
import type { ModelRequest } from '#ports/language-model.ts';
import { freePort } from '#testing/servers/free-port.ts';
import { startRawServer } from '#testing/servers/local-server.ts';
import { anthropicFailure } from './failures.ts';
import { anthropicModel } from './language-model.ts';

const request: ModelRequest = {
  model: 'claude-sonnet-5-5',
  system: '',
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
  tools: [],
  maxTokens: 100,
  timeoutMs: 5_000,
  signal: new AbortController().signal,
};

function ask(baseUrl: string, over: Partial<ModelRequest> = {}, apiKey = 'key'): Promise<unknown> {
  return anthropicModel({ apiKey, baseUrl }).complete({ ...request, ...over });
}

const failureOf = (thrown: unknown) => anthropicFailure(thrown, 'm', new Date(0));
const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });

describe('a connection that fails is an outage of theirs, with its code:', () => {
  test('nobody listens', async () => {
    const sent = ask(`http://127.0.0.1:${await freePort()}`);
    await expect(sent).rejects.toMatchObject({
      code: 'unavailable',
      message: 'Claude could not be reached: ECONNREFUSED.',
    });
  });

  test('the connection is cut before the answer', async () => {
    const server = await startRawServer((incoming) => void incoming.socket.destroy());
    await expect(ask(server.url)).rejects.toMatchObject({
      code: 'unavailable',
      message: 'Claude could not be reached: ECONNRESET.',
    });
    await server.close();
  });

  test('the answer breaks HTTP', async () => {
    const server = await startRawServer((incoming) => void incoming.socket.end('HTTP/1.1 200 OK\nx\n\n'));
    await expect(ask(server.url)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('HPE_'),
    });
    await server.close();
  });

  test.each([
    ['fetch failed, with the reason as its cause', new TypeError('fetch failed', { cause: refused })],
    ['several addresses, none of which answers', new AggregateError([refused, refused])],
    ['an error without a code', new Error('socket closed')],
  ])('%s', async (_, cause) => {
    const failure = await failureOf(new APIConnectionError({ cause }));
    expect(failure).toMatchObject({ code: 'unavailable', cause: expect.anything() });
  });
});

describe('a fault of ours is never told as an outage of theirs:', () => {
  test.each([
    ['TypeError', new TypeError('client.post is not a function')],
    ['ReferenceError', new ReferenceError('x is not defined')],
    ['RangeError', new RangeError('Invalid array length')],
    ['SyntaxError', new SyntaxError('Invalid regular expression')],
    ['Error', new Error('an invariant is broken')],
    ['a thrown text', 'oops'],
  ])('%s', async (_, thrown) => {
    expect(await failureOf(thrown)).toMatchObject({
      code: 'internal',
      message: expect.stringContaining('bug in this software'),
    });
  });

  test.each([
    ['TypeError', new TypeError('x.y is not a function')],
    ['RangeError', new RangeError('The status is out of range')],
    ['a wrong argument', Object.assign(new TypeError('invalid'), { code: 'ERR_INVALID_ARG_TYPE' })],
  ])('%s that the SDK took for a failed connection', async (_, cause) => {
    expect(await failureOf(new APIConnectionError({ cause }))).toMatchObject({ code: 'internal' });
  });

  test('a request that cannot be written', async () => {
    const tools = [{ name: 'a', description: 'A.', inputSchema: { type: 'object', properties: { big: loop() } } }];
    await expect(ask('http://127.0.0.1:9', { tools })).rejects.toMatchObject({ code: 'internal' });
  });
});

test('what is said in our own words already stays so', async () => {
  const said = new PlaybookError('output_invalid', 'Too long.');
  expect(await failureOf(new APIConnectionError({ cause: said }))).toBe(said);
});

test.each(['', 'sk-ant\n', 'sk ant', 'sk-änt'])(
  'a key that no header can hold is refused with its name: %j',
  async (key) => {
    await expect(ask('http://127.0.0.1:9', {}, key)).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining('ANTHROPIC_API_KEY'),
    });
  },
);

/** Data that no JSON can hold, because it holds itself; the types say otherwise. */
function loop(): Record<string, never> {
  const holder: Record<string, never> = {};
  Object.assign(holder, { itself: holder });
  return holder;
}
