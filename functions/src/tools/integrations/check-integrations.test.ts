import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { guardedHttp } from '#adapters/http/guarded-http.ts';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { Integration } from '#language/settings/integrations.ts';
import { fakeClock, type FakeClock } from '#testing/builders/fake-clock.ts';
import {
  jsonReply,
  startLocalServer,
  type LocalReply,
  type LocalRequest,
  type LocalServer,
} from '#testing/servers/local-server.ts';
import { refuseShort } from '#ports/refuse-short.ts';
import { secretsOf } from '#testing/builders/secrets-of.ts';
import { toolContext } from '#testing/builders/tool-context.ts';
import { checkIntegrations } from './check-integrations.ts';

const Output = z.looseObject({
  allOnline: z.boolean(),
  online: z.array(z.object({ id: z.string() })),
  offline: z.array(z.object({ id: z.string(), error: z.string() })),
  unconfigured: z.array(z.object({ id: z.string(), error: z.string() })),
  integrations: z.array(z.looseObject({ id: z.string() })),
});

describe('checkIntegrations', () => {
  let server: LocalServer;
  let requests: LocalRequest[];
  let reply: (request: LocalRequest) => LocalReply;
  let documents = sqliteDocuments({ file: ':memory:' });
  let clock: FakeClock;

  beforeAll(async () => {
    server = await startLocalServer((request) => {
      requests.push(request);
      return reply(request);
    });
  });
  afterAll(() => server.close());
  beforeEach(() => {
    requests = [];
    reply = () => jsonReply(200, { state: 'fine' });
    documents = sqliteDocuments({ file: ':memory:' });
    clock = fakeClock();
  });

  function integration(id: string, changes: Partial<z.input<typeof Integration>> = {}): Integration {
    const fields = { id, name: id.toUpperCase(), group: 'CRM', kind: 'external', url: `${server.url}/${id}` } as const;
    return Integration.parse({ ...fields, ...changes });
  }

  async function check(integrations: readonly Integration[], input: unknown = {}): Promise<z.infer<typeof Output>> {
    const http = guardedHttp({ allowPrivate: [`${server.host}:${server.port}`] });
    const secrets = secretsOf({ CRM_TOKEN: 'canary-7f3a' });
    return Output.parse(
      await checkIntegrations.call(input, toolContext({ documents, http, secrets, clock, integrations })),
    );
  }

  test('shows no part of a secret that an answer repeats', async () => {
    reply = () => jsonReply(200, { error: `${'x'.repeat(104)} canary-7f3a` });
    const output = await check([integration('crm', { headers: { Authorization: 'Bearer ${CRM_TOKEN}' } })]);
    expect(output.offline[0]?.error).toContain('[red');
    expect(output.offline[0]?.error).not.toContain('cana');
  });

  test('sends the secret that a header names, and keeps it out of the output', async () => {
    const output = await check([integration('crm', { headers: { Authorization: 'Bearer ${CRM_TOKEN}' } })]);
    expect(requests[0]?.headers['authorization']).toBe('Bearer canary-7f3a');
    expect(output.allOnline).toBe(true);
    expect(JSON.stringify(output)).not.toContain('canary-7f3a');
  });

  test('does not call an integration whose secret is too short to be redacted in records', async () => {
    const http = guardedHttp({ allowPrivate: [`${server.host}:${server.port}`] });
    const secrets = refuseShort(secretsOf({ CRM_TOKEN: 'canary7' }));
    const integrations = [integration('crm', { headers: { 'X-Key': '${CRM_TOKEN}' } })];
    const output = Output.parse(
      await checkIntegrations.call({}, toolContext({ documents, http, secrets, clock, integrations })),
    );
    expect(requests).toEqual([]);
    expect(output.unconfigured[0]?.error).toMatch(/^CRM_TOKEN is shorter than 8 characters[^]* CRM was not called\.$/);
  });

  test('does not call an integration without its secret, which is neither online nor offline', async () => {
    const output = await check([integration('crm'), integration('pos', { headers: { 'X-Key': '${POS_KEY}' } })]);
    expect(requests.map(({ url }) => url.pathname)).toEqual(['/crm']);
    expect(output).toMatchObject({ checked: 2, offline: [], allOnline: false });
    expect(output.online).toMatchObject([{ id: 'crm' }]);
    expect(output.unconfigured[0]?.error).toMatch(/POS_KEY is not set/);
  });

  test('tries again after 1 and 3 seconds when a server fails, and accepts the third answer', async () => {
    reply = () => (requests.length < 3 ? jsonReply(503, {}) : jsonReply(200, {}));
    const startMs = clock.now().getTime();
    const output = await check([integration('crm')]);
    expect(output.integrations).toMatchObject([{ status: 'online', tries: 3 }]);
    expect(clock.now().getTime() - startMs).toBe(4_000);
  });

  test('reports a server that cuts every connection as offline after three attempts', async () => {
    reply = () => ({ kind: 'cut' });
    const output = await check([integration('crm')]);
    expect(requests).toHaveLength(3);
    expect(output).toMatchObject({ online: [], offline: [{ id: 'crm' }], slowestMs: null, allOnline: false });
  });

  test('calls once where the credentials are refused', async () => {
    reply = () => jsonReply(401, {});
    const output = await check([integration('crm')]);
    expect(requests).toHaveLength(1);
    expect(output.offline[0]?.error).toMatch(/refuses our credentials/);
  });

  test('reports a login page with status 200 as offline, without calling again', async () => {
    reply = () => ({ kind: 'reply', status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Sign in</h1>' });
    const output = await check([integration('crm')]);
    expect(requests).toHaveLength(1);
    expect(output.offline).toMatchObject([{ id: 'crm' }]);
  });

  test('records the last success and counts the failures since', async () => {
    await check([integration('crm')]);
    const succeededAt = clock.now().toISOString();
    reply = () => jsonReply(401, {});
    clock.advance(60 * 60_000);
    await check([integration('crm')]);
    clock.advance(65 * 60_000);
    const output = await check([integration('crm')]);
    expect(output).toMatchObject({
      oldestSuccessMinutes: 125,
      integrations: [{ lastSuccessAt: succeededAt, minutesSinceSuccess: 125, consecutiveFailures: 2 }],
    });
  });

  test('has no last success for an integration that never answered', async () => {
    reply = () => jsonReply(403, {});
    const output = await check([integration('crm')]);
    expect(output).toMatchObject({ oldestSuccessMinutes: null, integrations: [{ minutesSinceSuccess: null }] });
  });

  test('keeps the results of 10 checks at the same moment', async () => {
    const ids = Array.from({ length: 10 }, (_, index) => `crm${index}`);
    await Promise.all(ids.map((id) => check([integration(id)])));
    const stored = await documents.get('playbook_metrics/integrations');
    expect(Object.keys(stored?.data['integrations'] ?? {}).toSorted()).toEqual(ids);
  });

  test('says how slow the slowest is, and in which band', async () => {
    const instant = { latency: { ok: '0ms', alert: '0ms' } };
    const output = await check([integration('crm'), integration('pos', { ...instant, group: 'POS' })]);
    expect(output).toMatchObject({ allOnline: true, degraded: [{ id: 'pos' }] });
    expect(output).toMatchObject({
      byGroup: [
        { group: 'CRM', online: 1 },
        { group: 'POS', online: 1, offline: 0 },
      ],
    });
  });

  test('checks only the given groups, and refuses a misspelled one', async () => {
    const both = [integration('crm'), integration('pos', { group: 'Payments' })];
    expect((await check(both, { groups: ['Payments'] })).integrations).toMatchObject([{ id: 'pos' }]);
    await expect(check(both, { groups: ['Payment'] })).rejects.toThrow(/Did you mean 'Payments'/);
  });

  test('stops when the step is aborted', async () => {
    const controller = new AbortController();
    reply = () => {
      controller.abort(new Error('The step took too long.'));
      return { kind: 'hang' };
    };
    const http = guardedHttp({ allowPrivate: [`${server.host}:${server.port}`] });
    const context = toolContext({
      documents,
      http,
      clock,
      integrations: [integration('crm')],
      signal: controller.signal,
    });
    await expect(checkIntegrations.call({}, context)).rejects.toThrow('The step took too long.');
  });
});
