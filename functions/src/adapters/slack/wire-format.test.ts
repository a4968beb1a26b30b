import { expect, test } from 'vitest';
import { startLocalServer } from '#testing/servers/local-server.ts';
import { slackPoster } from './chat-poster.ts';

const MESSAGE = { text: 'Hëllo', blocks: [{ type: 'divider' }] };
const never = new AbortController().signal;

test('what Slack receives is the message, without previews of its links, and nothing else', async () => {
  const server = await startLocalServer(() => ({ kind: 'reply', status: 200, body: 'ok' }));

  await slackPoster({ webhookUrl: `${server.url}/services/T/B/x` }).post(MESSAGE, never);
  await server.close();

  const [request] = server.heard;
  expect(server.heard).toHaveLength(1);
  expect({ method: request?.method, path: request?.url.pathname, type: request?.headers['content-type'] }).toEqual({
    method: 'POST',
    path: '/services/T/B/x',
    type: 'application/json; charset=utf-8',
  });
  expect(JSON.parse(request?.body ?? '')).toEqual({ ...MESSAGE, unfurl_links: false, unfurl_media: false });
  expect(Object.keys(request?.headers ?? {}).toSorted()).toEqual([
    'accept',
    'accept-encoding',
    'accept-language',
    'connection',
    'content-length',
    'content-type',
    'host',
    'sec-fetch-mode',
    'user-agent',
  ]);
});

test.each([301, 302, 303, 307, 308])(
  'a redirect with %i is refused, and its target receives nothing',
  async (status) => {
    const elsewhere = await startLocalServer(() => ({ kind: 'reply', status: 200, body: 'ok' }));
    const server = await startLocalServer(() => {
      return { kind: 'reply', status, headers: { location: elsewhere.url }, body: '' };
    });

    await expect(slackPoster({ webhookUrl: server.url }).post(MESSAGE, never)).rejects.toMatchObject({
      code: 'rejected',
      details: { status },
    });
    await Promise.all([server.close(), elsewhere.close()]);

    expect([server.heard.length, elsewhere.heard.length]).toEqual([1, 0]);
  },
);

test.each([201, 202, 204])('%i is no success: only 200 means that the message was posted', async (status) => {
  const server = await startLocalServer(() => ({ kind: 'reply', status, body: '' }));

  await expect(slackPoster({ webhookUrl: server.url }).post(MESSAGE, never)).rejects.toMatchObject({
    details: { status },
  });
  await server.close();
});
