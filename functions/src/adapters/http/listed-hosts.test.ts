import { describe, expect, test } from 'vitest';
import { startLocalServer } from '#testing/servers/local-server.ts';
import { admit, isPublic, parseUrl } from './address-guard.ts';
import { guardedHttp } from './guarded-http.ts';

const PRIVATE = async () => ['10.0.0.7'];
const PUBLIC = async () => ['93.184.215.14'];

describe('a host that is listed', () => {
  test.each([
    ['shop.internal:8080', 'http://shop.internal:8080/'],
    ['shop.internal:8080', 'https://shop.internal:8080/'],
    ['shop.internal:8080', 'http://SHOP.Internal:8080/'],
    ['shop.internal:8080', 'http://shop.internal.:8080/'],
    ['shop.internal:80', 'http://shop.internal/'],
    ['shop.internal:80', 'http://shop.internal./'],
    ['shop.internal:443', 'https://shop.internal/'],
    ['[fd00::7]:8080', 'http://[fd00::7]:8080/'],
  ])('as %s may be called at %s', async (entry, url) => {
    const { addresses } = await admit(new URL(url), new Set([entry]), PRIVATE);

    expect(addresses).toEqual([url.includes('[') ? 'fd00::7' : '10.0.0.7']);
  });

  test.each([
    ['shop.internal:8080', 'http://shop.internal/'],
    ['shop.internal:80', 'https://shop.internal/'],
    ['shop.internal:443', 'http://shop.internal/'],
    ['shop.internal:8080', 'http://shop.internal:8081/'],
    ['shop.internal:8080', 'http://a.shop.internal:8080/'],
    ['shop.internal:8080', 'http://shop.internal..:8080/'],
    ['shop.internal', 'https://shop.internal/'],
  ])('as %s does not open %s', async (entry, url) => {
    await expect(admit(new URL(url), new Set([entry]), PRIVATE)).rejects.toMatchObject({ code: 'address_blocked' });
  });

  test.each(['localhost:PORT', 'LocalHost:PORT', ' LOCALHOST:PORT ', '\tlocalhost:PORT'])(
    'may be written as %j',
    async (entry) => {
      const server = await startLocalServer(() => ({ kind: 'reply', status: 200, body: 'here' }));
      const lookup = async () => ['127.0.0.1'];
      const http = guardedHttp({ allowPrivate: [entry.replace('PORT', String(server.port))], lookup });

      for (const host of ['localhost', 'LOCALHOST', 'localhost.']) {
        const url = `http://${host}:${server.port}/`;
        const signal = new AbortController().signal;
        expect(await http.send({ method: 'GET', url, timeoutMs: 2_000, signal })).toMatchObject({ body: 'here' });
      }
      await server.close();
    },
  );
});

describe('a host that is not listed', () => {
  test.each(['https://api.example.com/', 'https://api.example.com:443/x', 'https://api.example.com./'])(
    'may be called at %s, with the addresses that were checked',
    async (url) => {
      expect(await admit(new URL(url), new Set(), PUBLIC)).toEqual({
        hostname: 'api.example.com',
        addresses: ['93.184.215.14'],
      });
    },
  );

  test.each(['metadata', 'metadata.google.internal', 'metadata.goog', 'instance-data', 'METADATA.google.internal.'])(
    'is refused without a look-up if it serves credentials: %s',
    async (host) => {
      const lookup = async () => expect.unreachable('it was looked up');

      await expect(admit(new URL(`https://${host}/`), new Set(), lookup)).rejects.toMatchObject({
        code: 'address_blocked',
      });
    },
  );
});

describe('the public internet', () => {
  test.each([
    ['9.255.255.255', '10.0.0.0', '10.255.255.255', '11.0.0.0'],
    ['100.63.255.255', '100.64.0.0', '100.127.255.255', '100.128.0.0'],
    ['126.255.255.255', '127.0.0.0', '127.255.255.255', '128.0.0.0'],
    ['169.253.255.255', '169.254.0.0', '169.254.255.255', '169.255.0.0'],
    ['172.15.255.255', '172.16.0.0', '172.31.255.255', '172.32.0.0'],
    ['192.167.255.255', '192.168.0.0', '192.168.255.255', '192.169.0.0'],
    ['168.63.129.15', '168.63.129.16', '168.63.129.16', '168.63.129.17'],
    ['3fff:ffff::1', '4000::', 'ffff::', '2600::1'],
  ])('reaches to %s, not from %s to %s, and again from %s', (before, first, last, behind) => {
    expect([before, first, last, behind].map(isPublic)).toEqual([true, false, false, true]);
  });
});

test('an address has at most 8192 characters', () => {
  const start = 'https://a.example/';

  expect(parseUrl(start + 'x'.repeat(8192 - start.length)).href).toHaveLength(8192);
  expect(() => parseUrl(start + 'x'.repeat(8193 - start.length))).toThrow(/not a URL/);
});

test('a call carries what it was given, what the client adds, and nothing else', async () => {
  const server = await startLocalServer(() => ({ kind: 'reply', status: 200, body: '' }));
  const host = new URL(server.url).host;
  const http = guardedHttp({ allowPrivate: [host] });
  const call = { timeoutMs: 2_000, signal: new AbortController().signal };

  await http.send({ ...call, method: 'GET', url: `${server.url}/a?b=c#d` });
  await http.send({ ...call, method: 'put', url: server.url, headers: { 'X-Key': 'k', Accept: 'a/b' }, body: 'ä' });
  await server.close();

  const added = { host, connection: 'close', 'user-agent': 'playbook-runner', 'accept-encoding': 'gzip, deflate, br' };
  expect(server.heard.map(({ url, ...sent }) => ({ ...sent, url: url.pathname + url.search }))).toEqual([
    { method: 'GET', url: '/a?b=c', headers: { ...added, accept: '*/*' }, body: '' },
    { method: 'PUT', url: '/', headers: { ...added, accept: 'a/b', 'x-key': 'k', 'content-length': '2' }, body: 'ä' },
  ]);
});
