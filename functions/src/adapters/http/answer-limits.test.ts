import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import type { HttpRequest, HttpResponse } from '#ports/http.ts';
import { startRawServer, type LocalServer } from '#testing/servers/local-server.ts';
import { guardedHttp } from './guarded-http.ts';

const MIB = 1024 * 1024;
const PACK = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync } as const;
type Encoding = keyof typeof PACK;

const servers: LocalServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function answered(
  answer: (response: ServerResponse) => void | Promise<void>,
  over: Partial<HttpRequest> = {},
): Promise<HttpResponse> {
  const server = await startRawServer((_request, response) => answer(response));
  servers.push(server);
  const http = guardedHttp({ allowPrivate: [new URL(server.url).host] });
  return http.send({
    method: 'GET',
    url: server.url,
    timeoutMs: 4_000,
    signal: new AbortController().signal,
    ...over,
  });
}

/** Ways to send `bytes` bytes: with a length, in chunks, and compressed. */
const WAYS: Readonly<Record<string, (response: ServerResponse, bytes: number) => void>> = {
  'of a declared length': (response, bytes) => {
    response.writeHead(200, { 'content-length': String(bytes) }).end('x'.repeat(bytes));
  },
  'in chunks': (response, bytes) => {
    response.write('x'.repeat(Math.floor(bytes / 2)));
    response.end('x'.repeat(Math.ceil(bytes / 2)));
  },
  ...Object.fromEntries(
    Object.entries(PACK).map(([encoding, pack]) => [
      `packed with ${encoding}`,
      (response: ServerResponse, bytes: number) => {
        response.writeHead(200, { 'content-encoding': encoding }).end(pack('x'.repeat(bytes)));
      },
    ]),
  ),
};

describe('the limit of an answer', () => {
  describe.each(Object.entries(WAYS))('%s', (_, respond) => {
    test.each([0, 1, 999, 1000])('leaves %i of 1000 bytes whole', async (bytes) => {
      const { body } = await answered((response) => respond(response, bytes), { maxBytes: 1000 });

      expect(body).toHaveLength(bytes);
    });

    test('refuses 1001 of 1000 bytes', async () => {
      const sent = answered((response) => respond(response, 1001), { maxBytes: 1000 });

      await expect(sent).rejects.toMatchObject({
        code: 'rejected',
        message: 'The answer was not accepted: its body is larger than 1000 bytes.',
      });
    });
  });

  test('is five mebibytes where none is given', async () => {
    const exact = await answered((response) => void response.end(Buffer.alloc(5 * MIB, 'x')));

    expect(exact.body).toHaveLength(5 * MIB);
    await expect(answered((response) => void response.end(Buffer.alloc(5 * MIB + 1, 'x')))).rejects.toMatchObject({
      code: 'rejected',
    });
  });

  test('counts bytes, not characters', async () => {
    const sent = answered((response) => void response.end('ä'.repeat(501)), { maxBytes: 1000 });

    await expect(sent).rejects.toMatchObject({ code: 'rejected' });
  });
});

function packed(layers: readonly Encoding[]): Buffer {
  return layers.reduce<Buffer>((bytes, layer) => PACK[layer](bytes), Buffer.from('hello'));
}

describe('an answer that was compressed', () => {
  test.each<readonly (readonly Encoding[])[]>([
    [['gzip']],
    [['br', 'deflate']],
    [['gzip', 'br', 'deflate']],
    [['gzip', 'gzip', 'gzip']],
  ])('with %j is unpacked', async (layers) => {
    const headers = { 'content-encoding': ['identity', ...layers].join(', ').toUpperCase() };

    expect(await answered((response) => void response.writeHead(200, headers).end(packed(layers)))).toMatchObject({
      body: 'hello',
    });
  });

  test.each([4, 30])('%i times is refused, although it could be unpacked', async (times) => {
    const layers = Array.from({ length: times }, () => 'gzip' as const);
    const headers = { 'content-encoding': layers.join(', ') };

    await expect(
      answered((response) => void response.writeHead(200, headers).end(packed(layers))),
    ).rejects.toMatchObject({
      code: 'rejected',
      message: 'The answer was not accepted: its body is compressed more than three times.',
    });
  });
});

describe('an answer that never has a body', () => {
  test.each([
    ['GET', 204],
    ['GET', 304],
    ['HEAD', 200],
    ['HEAD', 404],
    ['POST', 204],
  ])('is empty and has no limit: %s answered with %i', async (method, status) => {
    // Headers may describe the body that the same call would have had.
    const described = { 'content-encoding': 'gzip', ...(status === 204 ? {} : { 'content-length': '5000' }) };
    const respond = (response: ServerResponse): void => void response.writeHead(status, described).end();

    const answer = await answered(respond, { method, maxBytes: 1000 });

    expect({ status: answer.status, body: answer.body }).toEqual({ status, body: '' });
  });

  test('is empty if its length is 0, whatever its encoding', async () => {
    const headers = { 'content-encoding': 'br', 'content-length': '0' };

    expect(await answered((response) => void response.writeHead(200, headers).end())).toMatchObject({ body: '' });
  });
});

test('nothing more is read of an answer that was refused', async () => {
  const closed = Promise.withResolvers<void>();
  const sent = answered(
    async (response) => {
      response.on('close', closed.resolve);
      response.write(Buffer.alloc(2000));
      await once(response, 'close');
    },
    { maxBytes: 1000 },
  );

  await expect(sent).rejects.toMatchObject({ code: 'rejected' });
  await closed.promise;
});
