import { afterEach, describe, expect, test } from 'vitest';
import type { HttpRequest, HttpResponse } from '#ports/http.ts';
import { startLocalServer, type LocalServer } from '#testing/servers/local-server.ts';
import { guardedHttp } from './guarded-http.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** The method of the second request, in the order of `METHODS`; RFC 9110, 15.4. */
const FOLLOWED_WITH: Readonly<Record<number, readonly string[]>> = {
  301: ['GET', 'HEAD', 'GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  302: ['GET', 'HEAD', 'GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  303: ['GET', 'HEAD', 'GET', 'GET', 'GET', 'GET', 'GET'],
  307: METHODS,
  308: METHODS,
};
const CASES = Object.entries(FOLLOWED_WITH).flatMap(([status, followed]) =>
  METHODS.map((method, index) => [Number(status), method, followed[index] ?? ''] as const),
);

const servers: LocalServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** Answers the first `times` requests with a redirect within the same origin, and the others with 200. */
async function redirecting(times: number, status = 302): Promise<LocalServer> {
  let answered = 0;
  const server = await startLocalServer(() => {
    answered += 1;
    if (answered > times) return { kind: 'reply', status: 200, body: 'arrived' };
    return { kind: 'reply', status, headers: { location: `/hop/${answered}` }, body: '' };
  });
  servers.push(server);
  return server;
}

function send(server: LocalServer, over: Partial<HttpRequest>): Promise<HttpResponse> {
  const http = guardedHttp({ allowPrivate: [new URL(server.url).host] });
  return http.send({
    method: 'GET',
    url: `${server.url}/`,
    timeoutMs: 2_000,
    signal: new AbortController().signal,
    ...over,
  });
}

describe('a followed redirect', () => {
  test.each(CASES)('%i of %s becomes %s, with the body only if the method stays', async (status, method, followed) => {
    const server = await redirecting(1, status);
    const hasBody = method !== 'GET' && method !== 'HEAD';
    const body = hasBody ? { body: 'a,b' } : {};

    const answer = await send(server, { method, headers: { 'x-trace': 't1' }, maxRedirects: 1, ...body });

    const [, second] = server.heard;
    const carried = hasBody && followed === method;
    expect({ status: answer.status, url: answer.url }).toEqual({ status: 200, url: `${server.url}/hop/1` });
    expect({ method: second?.method, body: second?.body }).toEqual({ method: followed, body: carried ? 'a,b' : '' });
    expect(second?.headers['x-trace']).toBe('t1');
  });

  test.each(CASES.filter(([, method, followed]) => method !== followed))(
    '%i of %s that becomes %s says nothing of a body any more',
    async (status, method) => {
      const server = await redirecting(1, status);

      await send(server, { method, headers: { 'content-type': 'text/csv' }, body: 'a,b', maxRedirects: 1 });

      expect(server.heard[1]?.headers).toEqual({
        host: new URL(server.url).host,
        connection: 'close',
        'user-agent': 'playbook-runner',
        accept: '*/*',
        'accept-encoding': 'gzip, deflate, br',
      });
    },
  );

  test.each([200, 201, 204, 300, 304, 305, 306, 309, 400, 503])(
    'is none at %i, whatever location it names',
    async (status) => {
      const server = await redirecting(1, status);

      expect(await send(server, { maxRedirects: 3 })).toMatchObject({ status });
      expect(server.heard).toHaveLength(1);
    },
  );

  test.each([
    [2, 2],
    [3, 2],
    [3, 3],
    [1, 0],
  ])('with at most %i redirects, one that comes %i times arrives', async (maxRedirects, times) => {
    const server = await redirecting(times);

    expect(await send(server, { maxRedirects })).toMatchObject({ status: 200, body: 'arrived' });
    expect(server.heard).toHaveLength(times + 1);
  });

  test.each([1, 2, 3])('with at most %i, the next one is refused and not called', async (maxRedirects) => {
    const server = await redirecting(maxRedirects + 1);

    await expect(send(server, { maxRedirects })).rejects.toMatchObject({
      code: 'rejected',
      message: `${server.url} redirects more than ${maxRedirects} times.`,
    });
    expect(server.heard).toHaveLength(maxRedirects + 1);
  });
});
