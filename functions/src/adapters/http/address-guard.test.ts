import { describe, expect, test } from 'vitest';
import { guardedHttp } from './guarded-http.ts';

const TARGET = '169.254.169.254';

/** Names as an attacker's DNS server would answer them. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  localhost: ['127.0.0.1', '::1'],
  'app.localhost': ['127.0.0.1'],
  'localtest.me': ['127.0.0.1'],
  '169.254.169.254.nip.io': [TARGET],
  '10-0-0-1.sslip.io': ['10.0.0.1'],
  'mixed.example': ['93.184.215.14', '10.0.0.1'],
  'mixed6.example': ['93.184.215.14', 'fd00::1'],
  'zero.example': ['0.0.0.0'],
  'mapped.example': ['::ffff:10.0.0.1'],
  'nat64.example': ['64:ff9b::a9fe:a9fe'],
  'scoped.example': ['fe80::1%eth0'],
  'garbage.example': ['not an address'],
  router: ['192.168.1.1'],
};

const VECTORS: readonly string[] = [
  // Loopback in every notation of an IPv4 address
  'https://127.0.0.1/',
  'https://127.1/',
  'https://127.0.1/',
  'https://127.255.255.254/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0x7f.0.0.1/',
  'https://0x7f.1/',
  'https://0177.0.0.1/',
  'https://017700000001/',
  'https://00000177.0.0.1/',
  'https://①②⑦.⓪.⓪.①/',
  'https://１２７.０.０.１/',
  'https://127。0。0。1/',
  'https://%31%32%37.0.0.1/',
  'https://127.0.0.1./',
  'https://0/',
  'https://0.0.0.0/',
  'https://localhost/',
  'https://LOCALHOST/',
  'https://localhost./',
  'https://app.localhost/',
  'https://localtest.me/',
  // Metadata services
  `https://${TARGET}/latest/meta-data/`,
  'https://2852039166/',
  'https://0xa9fea9fe/',
  'https://0251.0376.0251.0376/',
  'https://169.254.43518/',
  'https://metadata/',
  'https://metadata.google.internal/computeMetadata/v1/',
  'https://metadata.google.internal./',
  'https://METADATA.google.internal/',
  'https://metadata.goog/',
  'https://instance-data/',
  'https://169.254.169.254.nip.io/',
  'https://168.63.129.16/',
  'https://100.100.100.200/',
  'https://192.0.0.192/',
  'https://[fd00:ec2::254]/',
  'https://[fd20:ce::254]/',
  // Private and special networks
  'https://10.0.0.1/',
  'https://172.16.0.1/',
  'https://172.31.255.255/',
  'https://192.168.1.1/',
  'https://100.64.0.1/',
  'https://198.18.0.1/',
  'https://192.0.2.1/',
  'https://224.0.0.1/',
  'https://240.0.0.1/',
  'https://255.255.255.255/',
  'https://10-0-0-1.sslip.io/',
  'https://router/',
  'https://zero.example/',
  // IPv6
  'https://[::1]/',
  'https://[::]/',
  'https://[0:0:0:0:0:0:0:1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:a9fe:a9fe]/',
  'https://[::7f00:1]/',
  'https://[::ffff:0:7f00:1]/',
  'https://[64:ff9b::a9fe:a9fe]/',
  'https://[64:ff9b:1::a9fe:a9fe]/',
  'https://[2002:a9fe:a9fe::]/',
  'https://[2001::1]/',
  'https://[2001:db8::1]/',
  'https://[fe80::1]/',
  'https://[fec0::1]/',
  'https://[fc00::1]/',
  'https://[ff02::1]/',
  'https://[100::1]/',
  'https://[4000::1]/',
  // A name whose answer is good and bad at once, or no address
  'https://mixed.example/',
  'https://mixed6.example/',
  'https://mapped.example/',
  'https://nat64.example/',
  'https://scoped.example/',
  'https://garbage.example/',
  // User names, schemes, ports
  'https://public.example@127.0.0.1/',
  'https://user:secret@public.example/',
  'https://127.0.0.1@public.example/',
  'http://public.example/',
  'http://127.0.0.1/',
  'https://public.example:8443/',
  'https://public.example:22/',
  'https://public.example:80/',
  'ftp://public.example/',
  'file:///etc/passwd',
  'gopher://127.0.0.1:6379/_INFO',
  'data:text/plain,hello',
  'unix:/var/run/docker.sock',
];

const http = guardedHttp({
  allowPrivate: ['127.0.0.1:9999', 'localhost:8080'],
  lookup: async (hostname) => NAMES[hostname] ?? ['93.184.215.14'],
});

describe('addresses that must not be called', () => {
  test('the table holds no vector twice, and more than sixty', () => {
    expect(new Set(VECTORS).size).toBe(VECTORS.length);
    expect(VECTORS.length).toBeGreaterThan(60);
  });

  test.each(VECTORS)('%s is refused', async (url) => {
    const sent = http.send({ method: 'GET', url, timeoutMs: 1000, signal: new AbortController().signal });
    await expect(sent).rejects.toMatchObject({ code: 'address_blocked' });
  });

  test.each([
    'https://[fe80::1%25eth0]/',
    'https://',
    'no address',
    '//127.0.0.1/',
    `https://a.example/${'x'.repeat(9000)}`,
  ])('%s is not an address at all', async (url) => {
    const sent = http.send({ method: 'GET', url, timeoutMs: 1000, signal: new AbortController().signal });
    await expect(sent).rejects.toMatchObject({ code: 'input_invalid' });
  });

  test('the message says what to list, and nothing that was secret in the address', async () => {
    const sent = http.send({
      method: 'GET',
      url: 'http://10.0.0.1:8000/hook?token=hunter2',
      timeoutMs: 1000,
      signal: new AbortController().signal,
    });
    await expect(sent).rejects.toThrow(/^(?!.*hunter2).*list 10\.0\.0\.1:8000 in HTTP_ALLOW_PRIVATE/);
  });
});
