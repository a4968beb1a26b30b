import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { once } from 'node:events';
import { gzipSync, brotliCompressSync, deflateSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import type { HttpRequest, HttpResponse } from '#ports/http.ts';
import { startRawServer, type LocalServer } from '#testing/servers/local-server.ts';
import { selfSignedCertificate } from '#testing/servers/self-signed-certificate.ts';
import { guardedHttp } from './guarded-http.ts';

const servers: Pick<LocalServer, 'close'>[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<LocalServer> {
  const server = await startRawServer(handle);
  servers.push(server);
  return server;
}

function get(url: string, over: Partial<HttpRequest> = {}, also: readonly string[] = []): Promise<HttpResponse> {
  const http = guardedHttp({ allowPrivate: [new URL(url).host, ...also] });
  return http.send({ method: 'GET', url, timeoutMs: 2000, signal: new AbortController().signal, ...over });
}

describe('a call through the guard', () => {
  test('method, headers and body arrive, and the answer comes back', async () => {
    const server = await serve((request, response) => {
      request.setEncoding('utf8');
      request.on('data', (body: string) => {
        response.writeHead(201, { 'x-method': request.method, 'x-key': request.headers['idempotency-key'] });
        response.end(`got ${body}`);
      });
    });
    const { status, headers, body } = await get(`${server.url}/x?y=1`, {
      method: 'post',
      headers: { 'Idempotency-Key': 'k1' },
      body: 'häl',
    });
    expect({ status, body, method: headers['x-method'], key: headers['x-key'] }).toEqual({
      status: 201,
      body: 'got häl',
      method: 'POST',
      key: 'k1',
    });
  });

  test('a status of failure is an answer, not an error', async () => {
    const server = await serve((_request, response) => response.writeHead(503).end('down'));
    expect(await get(server.url)).toMatchObject({ status: 503, body: 'down' });
  });

  test('an address is only listed with its exact port', async () => {
    const server = await serve((_request, response) => response.end('secret'));
    const http = guardedHttp({ allowPrivate: ['127.0.0.1:1', '127.0.0.1', `localhost:${server.port}`] });
    const sent = http.send({ method: 'GET', url: server.url, timeoutMs: 1000, signal: new AbortController().signal });
    await expect(sent).rejects.toMatchObject({ code: 'address_blocked' });
  });

  test('a name that changes its address after the check is not asked again', async () => {
    const server = await serve((_request, response) => response.end('secret'));
    const answers = [['127.0.0.1'], ['10.0.0.1']];
    const asked: string[] = [];
    const http = guardedHttp({
      allowPrivate: [`rebind.example:${server.port}`],
      lookup: async (hostname) => {
        asked.push(hostname);
        return answers.shift() ?? [];
      },
    });
    const url = `http://rebind.example:${server.port}/`;
    const answer = await http.send({ method: 'GET', url, timeoutMs: 1000, signal: new AbortController().signal });
    expect([answer.body, asked]).toEqual(['secret', ['rebind.example']]);
  });

  test.each([
    ['Host', 'other.example'],
    ['Transfer-Encoding', 'chunked'],
    ['Content-Length', '3'],
    ['Proxy-Authorization', 'Basic x'],
    ['Forwarded', 'for=127.0.0.1'],
    ['X-Forwarded-For', '127.0.0.1'],
    ['X-Forwarded-Host', 'other.example'],
    ['Via', '1.1 proxy'],
    ['x-a', 'one\r\nx-b: two'],
    ['bad name', 'x'],
  ])('the header %s: %j is refused before anything is sent', async (name, value) => {
    const sent = get('http://127.0.0.1:1/', { headers: { [name]: value } });
    await expect(sent).rejects.toMatchObject({ code: 'input_invalid' });
  });

  test('a header that unlocks metadata services is refused', async () => {
    const sent = get('http://127.0.0.1:1/', { headers: { 'Metadata-Flavor': 'Google' } });
    await expect(sent).rejects.toMatchObject({ code: 'address_blocked' });
  });

  test('a method that does not exist is refused', async () => {
    await expect(get('http://127.0.0.1:1/', { method: 'GET /x' })).rejects.toMatchObject({ code: 'input_invalid' });
  });
});

describe('redirects', () => {
  const redirectTo = (location: string, status = 302) =>
    serve((_request, response) => {
      response.writeHead(status, { location }).end();
    });

  test('are answers unless they are to be followed', async () => {
    const server = await redirectTo('http://169.254.169.254/');
    expect(await get(server.url)).toMatchObject({ status: 302 });
  });

  test.each([
    'http://169.254.169.254/latest/',
    'https://10.0.0.1/',
    'file:///etc/passwd',
    '//[::1]/',
    'http://a@b.example/',
  ])('to %s are refused', async (location) => {
    const server = await redirectTo(location);
    await expect(get(server.url, { maxRedirects: 3 })).rejects.toMatchObject({ code: 'address_blocked' });
  });

  test('that go in a circle end', async () => {
    const server = await redirectTo('/again');
    await expect(get(server.url, { maxRedirects: 3 })).rejects.toMatchObject({ code: 'rejected' });
  });

  test('to another origin lose every header that may be a credential', async () => {
    const target = await serve((request, response) => response.end(Object.keys(request.headers).toSorted().join(' ')));
    const server = await redirectTo(`${target.url}/landed`);
    const headers = { Authorization: 'Bearer x', 'X-Api-Key': 'x', Cookie: 'a=b', Accept: 'text/plain' };
    const answer = await get(server.url, { headers, maxRedirects: 1 }, [new URL(target.url).host]);
    expect(answer).toMatchObject({
      body: 'accept accept-encoding connection host user-agent',
      url: `${target.url}/landed`,
    });
  });

  test('within the origin keep them', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/') response.writeHead(307, { location: '/next' }).end();
      else response.end(request.headers.authorization);
    });
    expect(await get(server.url, { headers: { authorization: 'Bearer x' }, maxRedirects: 1 })).toMatchObject({
      body: 'Bearer x',
    });
  });

  test('to another origin are not given the body', async () => {
    const target = await serve((_request, response) => response.end());
    const server = await redirectTo(target.url, 307);
    const sent = get(server.url, { method: 'POST', body: 'private', maxRedirects: 1 }, [new URL(target.url).host]);
    await expect(sent).rejects.toMatchObject({ code: 'rejected' });
  });
});

describe('answers', () => {
  test.each([
    ['gzip', gzipSync('hello')],
    ['deflate', deflateSync('hello')],
    ['br', brotliCompressSync('hello')],
    ['gzip, br', brotliCompressSync(gzipSync('hello'))],
  ])('packed with %s are unpacked', async (encoding, bytes) => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(bytes);
    });
    expect((await get(server.url)).body).toBe('hello');
  });

  test('that unpack to more than the limit are cut off', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024));
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    });
    await expect(get(server.url)).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringMatching(/larger than 5242880 bytes/),
    });
  });

  test('without an end are cut off at the limit', async () => {
    const server = await serve((_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024, 'x')));
      };
      response.on('drain', more);
      more();
    });
    await expect(get(server.url, { maxBytes: 1024 * 1024 })).rejects.toMatchObject({ code: 'rejected' });
  });

  test.each([
    ['gzip', 'no gzip at all'],
    ['br', 'no brotli at all'],
    ['compress', 'x'],
  ])('that are not %s as they claim are refused', async (encoding, body) => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(body);
    });
    await expect(get(server.url)).rejects.toMatchObject({ code: 'rejected' });
  });

  test.each([
    ['utf-8', Buffer.from('caf\xe9', 'latin1')],
    ['klingon', Buffer.from('x')],
  ])('that are not text in %s as they claim are refused', async (charset, bytes) => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': `text/plain; charset=${charset}` }).end(bytes);
    });
    await expect(get(server.url)).rejects.toMatchObject({ code: 'rejected' });
  });

  test('in another charset are read in it', async () => {
    const server = await serve((_request, response) => {
      response
        .writeHead(200, { 'content-type': 'text/plain; charset="ISO-8859-1"' })
        .end(Buffer.from('caf\xe9', 'latin1'));
    });
    expect((await get(server.url)).body).toBe('café');
  });
});

describe('silence and breaks', () => {
  test('a server that says nothing runs into the time-out', async () => {
    const server = await serve(() => undefined);
    await expect(get(server.url, { timeoutMs: 100 })).rejects.toMatchObject({ code: 'timeout' });
  });

  test('a body that never ends its drip runs into the time-out', async () => {
    const server = await serve((_request, response) => {
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(drip));
    });
    await expect(get(server.url, { timeoutMs: 150 })).rejects.toMatchObject({ code: 'timeout' });
  });

  test('interim answers are passed over, and without end run into the time-out', async () => {
    const hints = await serve((_request, response) => {
      response.writeProcessing();
      response.writeEarlyHints({ link: '</style.css>; rel=preload' }, () => response.end('final'));
    });
    const endless = await serve((_request, response) => {
      const interim = setInterval(() => response.writeProcessing(), 20);
      response.on('close', () => clearInterval(interim));
    });
    expect(await get(hints.url)).toMatchObject({ status: 200, body: 'final' });
    await expect(get(endless.url, { timeoutMs: 150 })).rejects.toMatchObject({ code: 'timeout' });
  });

  test('headers without measure are refused', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'x-large': 'x'.repeat(1024 * 1024) }).end();
    });
    await expect(get(server.url)).rejects.toMatchObject({ code: expect.stringMatching(/^(rejected|unavailable)$/) });
  });

  test('a connection that breaks before or in the answer is unavailable', async () => {
    const before = await serve((request) => request.socket.destroy());
    const within = await serve((request, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('half', () => request.socket.destroy());
    });
    await expect(get(before.url)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(get(within.url)).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('a port where nobody listens is unavailable', async () => {
    const server = await startRawServer(() => undefined);
    await server.close();
    await expect(get(server.url)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/ECONNREFUSED/),
    });
  });

  test.each([
    ['ends its lines with LF alone', 'HTTP/1.1 200 OK\ncontent-length: 2\n\nok'],
    ['gives both lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['gives two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok'],
    ['breaks its chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nok\r\n'],
    ['speaks something else', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ])('a server that %s has answered, and will so again', async (_, bytes) => {
    const server = await serve((request) => request.socket.end(bytes));

    await expect(get(server.url)).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+ sent an answer that is not valid HTTP: HPE_\w+\.$/),
    });
  });

  test('a look-up that fails by a fault of its own is no outage', async () => {
    const http = guardedHttp({ allowPrivate: [], lookup: () => Promise.reject(new TypeError('x is not a function')) });
    const sent = http.send({
      method: 'GET',
      url: 'https://api.example.com/',
      timeoutMs: 1000,
      signal: new AbortController().signal,
    });

    await expect(sent).rejects.toMatchObject({ code: 'internal', cause: expect.any(TypeError) });
  });

  test('a certificate that nobody vouches for is not accepted', async () => {
    const server = createTlsServer(selfSignedCertificate(), (_request, response) => response.end('secret'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    servers.push({ close: async () => void server.close() });
    const sent = get(`https://127.0.0.1:${port}/`);
    await expect(sent).rejects.toMatchObject({ code: 'unavailable', message: expect.stringMatching(/SELF_SIGNED/) });
  });

  test('an aborted call ends at once with the reason it was given', async () => {
    const server = await serve(() => undefined);
    const controller = new AbortController();
    const sent = get(server.url, { signal: controller.signal });
    controller.abort(new Error('lease lost'));
    await expect(sent).rejects.toMatchObject({ code: 'interrupted', cause: { message: 'lease lost' } });
  });
});
