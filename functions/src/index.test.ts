import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildFunctions, type BuiltFunctions } from '#testing/runner/built-functions.ts';
import { startRunnerProcess, type RunnerProcess } from '#testing/runner/runner-process.ts';

const SECRET = 'a-secret-of-thirty-two-characters';
const UNAUTHORIZED = { success: false, status: 'refused', error: 'Unauthorized' };

let folder: string;
let built: BuiltFunctions;
let runner: RunnerProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'playbook-index-'));
  built = await buildFunctions();
  const database = `sqlite:${join(folder, 'playbooks.db')}`;
  const env = { CRON_SECRET: SECRET, PLAYBOOK_DATABASE: database, GOOGLE_CLOUD_PROJECT: 'demo-index' };
  runner = await startRunnerProcess({ source: built.source, env });
}, 60_000);

afterAll(async () => {
  await runner.kill();
  built.remove();
  rmSync(folder, { recursive: true });
});

function call(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${runner.url}${path}`, { method: 'POST', ...init });
}

const known = { authorization: `Bearer ${SECRET}` };

describe('the function behind its server', () => {
  test.each(['//', '//[', '//?playbookId=a', '/?playbookId=%', '/?__proto__=a'])(
    'answers a stranger who calls %s like any other stranger',
    async (path) => {
      const answer = await call(path);

      expect(answer.status).toBe(401);
      expect(await answer.json()).toEqual(UNAUTHORIZED);
    },
  );

  test.each([
    ['JSON that is not JSON', { 'content-type': 'application/json' }, '{"a":'],
    ['a charset that nobody knows', { 'content-type': 'application/json; charset=x-none' }, '{}'],
    ['gzip that is not gzip', { 'content-encoding': 'gzip' }, 'not gzip'],
    ['gzip of 100 MB', { 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(100_000_000))],
    ['1 MB', {}, 'x'.repeat(1_000_000)],
  ])('neither parses nor unpacks the body of a stranger: %s', async (_, headers, body) => {
    const answer = await call('/', { headers, body });

    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual(UNAUTHORIZED);
  });

  test('shows no stack for a path that the server cannot read', async () => {
    const answer = await call('/%');

    expect(answer.status).toBe(400);
    expect(await answer.text()).not.toMatch(/\bat |node_modules/);
  });

  test.each([
    ['larger than 64 KB', 413, {}, 'x'.repeat(1_000_000)],
    ['compressed', 400, { 'content-encoding': 'gzip' }, gzipSync('{}')],
    ['that means something', 400, {}, '{"playbookId":"other"}'],
  ])('refuses a known caller a body %s', async (_, status, headers, body) => {
    expect((await call('/?playbookId=daily', { headers: { ...known, ...headers }, body })).status).toBe(status);
  });

  test('reads what a known caller says, and tells what is wrong with it', async () => {
    const answer = await call('/?playbookId=daily', {
      headers: { ...known, 'content-type': 'application/json' },
      body: '{"inputs":{},"only_to":"a@b.c"}',
    });

    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: expect.stringContaining("Did you mean 'onlyTo'?") });
  });

  test.each(['', '{}', '{"requestId":"abcd-1234","by":"Ann"}'])('takes the body %j of a known caller', async (body) => {
    expect((await call('/?playbookId=daily', { headers: known, body })).status).toBe(404);
  });

  test('logs what happens in a call as part of the trace of that call', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

    await call('/?playbookId=traced', { headers: { ...known, traceparent } });

    const line = runner
      .output()
      .split('\n')
      .find((printed) => printed.includes('"traced"'));
    expect(JSON.parse(line ?? '')).toEqual({
      severity: 'WARNING',
      message: 'A call named a playbook that does not exist',
      playbookId: 'traced',
      'logging.googleapis.com/labels': { playbookId: 'traced' },
      'logging.googleapis.com/trace': 'projects/demo-index/traces/0af7651916cd43dd8448eb211c80319c',
      'logging.googleapis.com/spanId': 'b7ad6b7169203331',
      'logging.googleapis.com/trace_sampled': true,
    });
  });
});
