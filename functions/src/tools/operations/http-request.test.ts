import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { guardedHttp } from '#adapters/http/guarded-http.ts';
import { normalise } from '#core/normalise.ts';
import {
  jsonReply,
  startLocalServer,
  type LocalReply,
  type LocalRequest,
  type LocalServer,
} from '#testing/servers/local-server.ts';
import { secretsOf } from '#testing/builders/secrets-of.ts';
import { toolContext } from '#testing/builders/tool-context.ts';
import { httpRequest } from './http-request.ts';

describe('httpRequest', () => {
  let server: LocalServer;
  let requests: LocalRequest[];
  let reply: LocalReply;

  beforeAll(async () => {
    server = await startLocalServer((request) => {
      requests.push(request);
      return reply;
    });
  });
  afterAll(() => server.close());
  beforeEach(() => {
    requests = [];
    reply = jsonReply(200, { id: 7 });
  });

  async function send(input: object = {}, executionId = 'e1') {
    const http = guardedHttp({ allowPrivate: [`${server.host}:${server.port}`] });
    const context = toolContext({ http, secrets: secretsOf({ API_TOKEN: 'canary-91bd' }), executionId });
    return httpRequest.call({ url: `${server.url}/orders?x=1`, ...input }, context);
  }

  test('sends the same idempotency key whenever the same call is made', async () => {
    await send({ method: 'POST' });
    await send({ method: 'POST' });
    await send({ method: 'POST' }, 'e2');
    const keys = requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toEqual(['e1/step', 'e1/step', 'e2/step']);
  });

  test('sends only the idempotency key that the call itself sets', async () => {
    await send({ headers: { 'Idempotency-Key': 'mine' } });
    expect(requests[0]?.headers['idempotency-key']).toBe('mine');
  });

  test('sends a map as JSON and a text unchanged', async () => {
    await send({ method: 'POST', body: { sku: 'A-1' } });
    await send({ method: 'POST', body: 'plain', headers: { 'content-type': 'text/plain' } });
    expect(requests.map(({ headers, body }) => [headers['content-type'], body])).toEqual([
      ['application/json', '{"sku":"A-1"}'],
      ['text/plain', 'plain'],
    ]);
  });

  test('fills in a secret at the call and keeps it out of the output', async () => {
    const output = await send({ headers: { Authorization: 'Bearer secret://API_TOKEN' } });
    expect(requests[0]?.headers['authorization']).toBe('Bearer canary-91bd');
    expect(JSON.stringify(output)).not.toContain('canary-91bd');
  });

  test('makes no call when the secret is not set', async () => {
    await expect(send({ headers: { 'x-key': 'secret://MISSING_KEY' } })).rejects.toMatchObject({
      code: 'unconfigured',
      message: expect.stringContaining('MISSING_KEY'),
    });
    expect(requests).toEqual([]);
  });

  test.each([
    ['any secret for an agent', 'agent' as const, 'API_TOKEN'],
    ["the product's own secret", 'step' as const, 'CRON_SECRET'],
  ])('sends %s nowhere', async (_, caller, name) => {
    const http = guardedHttp({ allowPrivate: [`${server.host}:${server.port}`] });
    const secrets = secretsOf({ API_TOKEN: 'canary-91bd', CRON_SECRET: 'canary-77aa' });
    const input = { url: `${server.url}/`, headers: { authorization: `Bearer secret://${name}` } };

    const call = httpRequest.call(input, { ...toolContext({ http, secrets }), caller });

    await expect(call).rejects.toMatchObject({ code: 'rejected' });
    expect(requests).toEqual([]);
  });

  test('parses a JSON body and keeps any other as text', async () => {
    expect(await send()).toMatchObject({ status: 200, body: { id: 7 } });
    reply = { kind: 'reply', status: 200, headers: { 'content-type': 'application/json' }, body: '{"id": 7' };
    expect(await send()).toMatchObject({ body: '{"id": 7' });
    reply = { kind: 'reply', status: 200, headers: { 'content-type': 'text/html' }, body: '<p>7</p>' };
    expect(await send()).toMatchObject({ body: '<p>7</p>' });
  });

  test.each([
    [401, 'unauthenticated'],
    [403, 'unauthenticated'],
    [404, 'rejected'],
    [408, 'unavailable'],
    [422, 'rejected'],
    [429, 'rate_limited'],
    [500, 'unavailable'],
    [503, 'unavailable'],
  ])('fails on status %i as %s, with the answer as evidence', async (status, code) => {
    reply = jsonReply(status, { reason: 'because' });
    await expect(send()).rejects.toMatchObject({ code, details: { status, body: '{"reason":"because"}' } });
  });

  test('shows no part of a secret at the end of the evidence', async () => {
    reply = jsonReply(500, { echo: `${'x'.repeat(484)} canary-91bd` });
    const call = send({ headers: { authorization: 'secret://API_TOKEN' } });
    await expect(call).rejects.not.toMatchObject({ details: { body: expect.stringContaining('canar') } });
    await expect(call).rejects.toMatchObject({ details: { body: expect.stringContaining('[reda') } });
  });

  test('says how long to wait when the other side says so', async () => {
    reply = jsonReply(429, {}, { 'retry-after': '12' });
    await expect(send()).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 12_000 });
  });

  test('treats only the expected statuses as success', async () => {
    reply = jsonReply(404, { gone: true });
    expect(await send({ expectStatus: [200, 404] })).toMatchObject({ status: 404, body: { gone: true } });
    reply = jsonReply(201, {});
    await expect(send({ expectStatus: 200 })).rejects.toMatchObject({ code: 'rejected' });
  });

  test('names the URL in a failure without its query, which may contain anything', async () => {
    reply = jsonReply(500, {});
    await expect(send()).rejects.toThrow(/\/orders answered/);
    await expect(send()).rejects.not.toThrow(/x=1/);
  });

  test('refuses a body that exceeds the limit', async () => {
    reply = { kind: 'reply', status: 200, headers: { 'content-type': 'text/plain' }, body: 'x'.repeat(5_300_000) };
    await expect(send()).rejects.toMatchObject({ code: 'rejected' });
  });

  test.each([
    ['an own __proto__ key', '{"__proto__": {"admin": true}, "a": 1}'],
    ['empty and reserved keys', '{"": 1, "__x__": 2, "a.b": 3}'],
    ['lists directly in lists', '[[1, [2]], []]'],
    ['half a surrogate pair', '{"text": "\\ud800"}'],
    ['a number beyond double precision', '{"big": 9007199254740993, "minus": -0}'],
    ['deep nesting', `${'['.repeat(40)}${']'.repeat(40)}`],
  ])('returns %s as JSON that pollutes nothing', async (_, body) => {
    reply = { kind: 'reply', status: 200, headers: { 'content-type': 'application/json' }, body };
    const { json } = normalise(await send());
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
    expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false);
  });

  test.each([
    ['that is broken', '{"ok": true, }', /^The answer declares JSON, but it is invalid at character 1\d\.$/],
    ['that ends too early', '{"ok": [1, 2', /^The answer declares JSON, but it ends too early\.$|at character/],
    ['with a number that is too large', '{"big": 1e400}', /a number that is too large/],
    ['that nests deeper than an output can', `${'['.repeat(150)}${']'.repeat(150)}`, /nests deeper than 63 levels/],
    ['that nests extremely deep', `${'['.repeat(50_000)}${']'.repeat(50_000)}`, /nests deeper than 63 levels/],
  ])('keeps JSON %s as text, and says why', async (_, body, problem) => {
    reply = { kind: 'reply', status: 200, headers: { 'content-type': 'application/json' }, body };
    expect(await send({ method: 'POST' })).toMatchObject({ body, bodyProblem: expect.stringMatching(problem) });
  });

  test.each([
    ['JSON', 'application/json', '{"ok": true}'],
    ['JSON with the maximum depth of an output', 'application/json', `${'['.repeat(63)}${']'.repeat(63)}`],
    ['an empty body declared as JSON', 'application/json', ''],
    ['text', 'text/plain', '{"ok": true, }'],
  ])('accepts %s without loss', async (_, type, body) => {
    reply = { kind: 'reply', status: 200, headers: { 'content-type': type }, body };
    const output = await send();
    expect(output).not.toHaveProperty('bodyProblem');
    expect(normalise(output).notes).toEqual([]);
  });

  test('refuses a private address that is not listed', async () => {
    const context = toolContext({ http: guardedHttp({ allowPrivate: [] }) });
    await expect(httpRequest.call({ url: server.url }, context)).rejects.toMatchObject({ code: 'address_blocked' });
  });

  test('refuses a header name that would split the request', async () => {
    await expect(send({ headers: { 'x\r\nbcc': '1' } })).rejects.toMatchObject({ code: 'input_invalid' });
  });
});
