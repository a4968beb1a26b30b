import { describe, expect, test } from 'vitest';
import { csrfTokenOf, isCsrfToken, isSameOrigin, type RequestOrigin } from './csrf.ts';

const OWN = { origins: [], behindProxy: false };
const CLOUD = { origins: [], behindProxy: true };
const NAMED = { origins: ['https://ops.example.com'], behindProxy: true };

function request(changes: Partial<RequestOrigin>): RequestOrigin {
  return { origin: undefined, site: undefined, host: 'ops.internal', forwardedHost: undefined, ...changes };
}

describe('a request', () => {
  test.each<readonly [string, Partial<RequestOrigin>, Parameters<typeof isSameOrigin>[1]]>([
    ['its origin is the host that it asked', { origin: 'http://ops.internal' }, OWN],
    ['the browser says so and sends no origin', { site: 'same-origin' }, OWN],
    [
      'the browser says so and knows us by another name',
      { site: 'same-origin', origin: 'https://ops.example.com' },
      CLOUD,
    ],
    [
      'its origin is the host before the proxy',
      { origin: 'https://ops.example.com', forwardedHost: 'ops.example.com' },
      CLOUD,
    ],
    ['its origin is one that is configured', { origin: 'https://ops.example.com' }, NAMED],
  ])('is from here when %s', (_, changes, place) => {
    expect(isSameOrigin(request(changes), place)).toBe(true);
  });

  test.each<readonly [string, Partial<RequestOrigin>, Parameters<typeof isSameOrigin>[1]]>([
    ['it says nothing', {}, OWN],
    ['the browser says otherwise', { site: 'cross-site', origin: 'http://ops.internal' }, OWN],
    ['nobody asked for it but an address bar', { site: 'none', origin: 'http://ops.internal' }, OWN],
    ['it is from a sibling', { site: 'same-site', origin: 'https://ops.example.com' }, NAMED],
    ['its origin is hidden', { site: 'same-origin', origin: 'null' }, OWN],
    ['its host only begins like ours', { origin: 'http://ops.internal.evil.example' }, OWN],
    ['it came without TLS', { origin: 'http://ops.example.com', forwardedHost: 'ops.example.com' }, CLOUD],
    [
      'it writes the header of a proxy that is not there',
      { origin: 'http://evil.example', forwardedHost: 'evil.example' },
      OWN,
    ],
    [
      'its origin is not configured, whatever its host',
      { origin: 'https://evil.example', host: 'evil.example' },
      NAMED,
    ],
    [
      'its origin is not configured, whatever the browser says',
      { site: 'same-origin', origin: 'https://evil.example' },
      NAMED,
    ],
  ])('is not from here when %s', (_, changes, place) => {
    expect(isSameOrigin(request(changes), place)).toBe(false);
  });
});

describe('the token of a form', () => {
  test('is that of its session and of no other', () => {
    const token = csrfTokenOf('session');
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(isCsrfToken(token, csrfTokenOf('session'))).toBe(true);
    for (const other of [csrfTokenOf('other'), token.slice(1), `${token}0`, token.toUpperCase(), '', undefined]) {
      expect(isCsrfToken(other, token)).toBe(false);
    }
  });
});
