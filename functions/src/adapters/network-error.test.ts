import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { PlaybookError } from '#core/failure.ts';
import { freePort } from '#testing/servers/free-port.ts';
import { callFailure, networkErrorOf } from './network-error.ts';

const servers: { close(): void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serveRaw(handle: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => handle(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`;
}

/** What `fetch` throws at an address. */
async function thrownAt(url: string): Promise<unknown> {
  try {
    await (await fetch(url, { signal: AbortSignal.timeout(2000) })).text();
  } catch (thrown) {
    return thrown;
  }
  throw new Error('The call succeeded.');
}

/** What our own code threw, as JavaScript makes it. */
function ownError(code: () => unknown): unknown {
  try {
    code();
  } catch (thrown) {
    return thrown;
  }
  throw new Error('Nothing was thrown.');
}

function fail(error: Error): never {
  throw error;
}

const nothing: { readonly Client?: new () => object } = {};

describe('a failed call', () => {
  test('that nobody answers is unavailable', async () => {
    const failure = callFailure(await thrownAt(`http://127.0.0.1:${await freePort()}/`), 'Slack');

    expect(failure).toMatchObject({ code: 'unavailable', message: 'Slack could not be reached: ECONNREFUSED.' });
  });

  test('that breaks off before or within its answer is unavailable', async () => {
    const before = await serveRaw((socket) => socket.destroy());
    const inHead = await serveRaw((socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-')));
    const inBody = await serveRaw((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf')),
    );

    for (const url of [before, inHead, inBody]) {
      expect(callFailure(await thrownAt(url), 'Slack')).toMatchObject({ code: 'unavailable' });
    }
  });

  test.each([
    ['ends its lines with LF alone', 'HTTP/1.1 200 OK\ncontent-length: 2\n\nok'],
    [
      'gives both lengths',
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    ],
    ['claims to have compressed its body', 'HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\nok'],
    ['has headers without measure', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`],
    ['speaks something else', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['breaks its chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nok\r\n'],
  ])('that is answered by a server that %s is rejected, and does not say that nobody answered', async (_, bytes) => {
    const url = await serveRaw((socket) => socket.once('data', () => socket.end(bytes)));

    const failure = callFailure(await thrownAt(url), 'Slack');

    expect(failure.code).toBe('rejected');
    expect(failure.message).toMatch(/^Slack sent an answer that is not valid HTTP: .{10,}\.$/);
  });

  test('that ran out of time is a timeout', () => {
    const late = new DOMException('The operation was aborted due to timeout', 'TimeoutError');

    expect(callFailure(late, 'Slack')).toMatchObject({ code: 'timeout' });
  });

  test('of a name with several addresses is told by the first of them', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED ::1:1'), {
      code: 'ECONNREFUSED',
      syscall: 'connect',
    });

    expect(networkErrorOf(new AggregateError([refused]))).toEqual({ trouble: 'unreachable', code: 'ECONNREFUSED' });
  });

  test.each([
    ['a firewall forbids the connection', { code: 'EPERM', syscall: 'connect' }],
    ['the name cannot be looked up now', { code: 'EAI_AGAIN', syscall: 'getaddrinfo' }],
    ['the certificate has expired', { code: 'CERT_HAS_EXPIRED' }],
    ['a proxy lets nothing through', { code: 'UND_ERR_ABORTED', message: 'Proxy response (502) when HTTP Tunneling' }],
    ['HTTP/2 ends the stream', { code: 'ERR_HTTP2_STREAM_ERROR' }],
  ])('is unavailable where %s', (_, fields) => {
    expect(callFailure(Object.assign(new Error('x'), fields), 'Slack')).toMatchObject({ code: 'unavailable' });
  });

  test.each<readonly [string, () => unknown]>([
    ['a class that is not there', () => Reflect.construct(nothing.Client ?? (() => 1), [])],
    ['a variable that is not there', () => fail(new ReferenceError('missing is not defined'))],
    ['an address that is none', () => new URL('nonsense')],
    ['JSON that is none', () => JSON.parse('<html>')],
    [
      'a stack without end',
      () =>
        (function again(): unknown {
          return [again()];
        })(),
    ],
    ['a file that is not there', () => fail(Object.assign(new Error('ENOENT'), { code: 'ENOENT', syscall: 'open' }))],
    ['an argument of the wrong type', () => Buffer.byteLength(Reflect.get({}, 'x'))],
  ])('by %s is internal, and keeps the error', (_, code) => {
    const thrown = ownError(code);

    const failure = callFailure(thrown, 'Mailjet');

    expect(failure).toMatchObject({ code: 'internal', cause: thrown });
    expect(failure.message).toContain('The call of Mailjet failed because of a bug in this software: ');
    expect(failure.message).not.toMatch(/reached|answer/);
  });

  test('of an address that fetch itself refuses is internal', async () => {
    expect(callFailure(await thrownAt('http://127.0.0.1:1/'), 'Slack')).toMatchObject({ code: 'internal' });
  });

  test('that has its words already keeps them', () => {
    const known = new PlaybookError('rate_limited', 'Slow down.');

    expect(callFailure(known, 'Slack')).toBe(known);
  });

  test('with causes in a circle ends', () => {
    const one = new Error('one');
    one.cause = new Error('two', { cause: one });

    expect(networkErrorOf(one)).toBeUndefined();
  });
});
