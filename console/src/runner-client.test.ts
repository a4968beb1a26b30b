import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { sqliteDocuments } from '#adapters/sqlite/documents.ts';
import { systemClock } from '#adapters/system-clock.ts';
import { runnerClient } from './runner-client.ts';

const documents = sqliteDocuments({ file: ':memory:' });
const REQUEST = {
  playbookId: 'ops',
  requestId: 'request-0001',
  by: 'ada@example.com',
  inputs: { days: 7 },
  onlyTo: undefined,
};

interface Call {
  readonly url: string;
  readonly secret: string | undefined;
  readonly body: unknown;
}

let stop: (() => Promise<void>) | undefined;
afterEach(async () => {
  await stop?.();
  stop = undefined;
});

/** A server that answers as the runner does. */
async function startRunner(answer: (call: Call) => Promise<Response> | Response): Promise<string> {
  const app = new Hono().post('/', async (c) =>
    answer({ url: c.req.url, secret: c.req.header('x-cron-secret'), body: await c.req.json() }),
  );
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  await once(server, 'listening');
  stop = async () => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`;
}

function clientOf(url: string) {
  return runnerClient({ url, cronSecret: 'cron-secret' }, { documents, clock: systemClock });
}

describe('the runner is asked for an execution', () => {
  test('with the secret, and with who asks for what', async () => {
    const calls: Call[] = [];
    const url = await startRunner((call) => {
      calls.push(call);
      return Response.json({ success: true });
    });
    await clientOf(url)(REQUEST);

    expect(calls).toEqual([
      {
        url: `${url}?playbookId=ops`,
        secret: 'cron-secret',
        body: { requestId: 'request-0001', by: 'ada@example.com', inputs: { days: 7 } },
      },
    ]);
  });

  test('and nobody waits for its end once its record is there', async () => {
    const over = Promise.withResolvers<Response>();
    const url = await startRunner(async () => {
      await documents.commit([
        { kind: 'set', path: 'playbook_executions/ops_manual_request-0001', data: { status: 'running' } },
      ]);
      return over.promise;
    });

    await expect(clientOf(url)(REQUEST)).resolves.toBeUndefined();
    over.resolve(Response.json({ success: true }));
  });

  test('and one that failed was started, too', async () => {
    const url = await startRunner(() => Response.json({ success: false, error: 'A step failed.' }, { status: 500 }));

    await expect(clientOf(url)({ ...REQUEST, requestId: 'request-0002' })).resolves.toBeUndefined();
  });

  test.each([
    [400, 'input_invalid', 'The runner refused: days must be at most 90.'],
    [404, 'input_invalid', 'The runner refused: days must be at most 90.'],
    [503, 'unavailable', 'The runner refused: days must be at most 90.'],
    [401, 'unconfigured', expect.stringContaining('CRON_SECRET')],
  ])('and its refusal with %i is told', async (status, code, message) => {
    const url = await startRunner(() =>
      Response.json({ success: false, error: 'days must be at most 90.' }, { status }),
    );

    await expect(clientOf(url)({ ...REQUEST, requestId: 'request-0003' })).rejects.toMatchObject({ code, message });
  });

  test('and is out of reach where nobody listens', async () => {
    await expect(clientOf('http://127.0.0.1:9/')({ ...REQUEST, requestId: 'request-0004' })).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  test('and the console says so when it was never told where the runner is', async () => {
    const ask = runnerClient(undefined, { documents, clock: systemClock });

    await expect(ask(REQUEST)).rejects.toMatchObject({ code: 'unconfigured' });
  });
});
