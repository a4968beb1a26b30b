import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { securityHeaders } from './security-headers.ts';

function appWith(secure: boolean): Hono {
  const app = new Hono().use(securityHeaders({ secure }));
  app.get('/page', (c) => c.html('<p>Hello</p>'));
  app.get('/asset', (c) => c.text('body {}', 200, { 'cache-control': 'public, max-age=600' }));
  app.get('/broken', () => {
    throw new Error('broken');
  });
  return app.onError((_error, c) => c.text('It broke.', 500));
}

describe('every answer', () => {
  test.each(['/page', '/asset', '/broken', '/nothing'])('of %s says what browsers may do with it', async (path) => {
    const { headers } = await appWith(true).request(path);
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('permissions-policy')).toBe('camera=(), microphone=(), geolocation=(), payment=(), usb=()');
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
  });

  test('is kept nowhere unless it says so itself', async () => {
    const app = appWith(true);
    expect((await app.request('/page')).headers.get('cache-control')).toBe('no-store');
    expect((await app.request('/broken')).headers.get('cache-control')).toBe('no-store');
    expect((await app.request('/asset')).headers.get('cache-control')).toBe('public, max-age=600');
  });

  test('demands TLS only where it is spoken', async () => {
    expect((await appWith(false).request('/page')).headers.has('strict-transport-security')).toBe(false);
  });
});
