import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { AccessConfig } from './access-config.ts';

const POLICY = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self'",
  'connect-src': "'self'",
  'form-action': "'self'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
} as const;

/** What browsers may do with an answer, as every answer says it, with what is different for this one. */
export function contentPolicy(changes: Readonly<Record<string, string>> = {}): string {
  return Object.entries({ ...POLICY, ...changes })
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}

/**
 * What browsers may do with our answers: scripts, styles, images and connections of this site alone, nothing inline, no frame
 * around it, and nothing kept, unless the answer says so itself. TLS is demanded wherever it is spoken.
 */
export function securityHeaders({ secure }: Pick<AccessConfig, 'secure'>): MiddlewareHandler {
  const headers = secureHeaders({
    permissionsPolicy: { camera: [], microphone: [], geolocation: [], payment: [], usb: [] },
    referrerPolicy: 'same-origin',
    strictTransportSecurity: secure ? 'max-age=31536000' : false,
    xFrameOptions: false,
  });
  const unlessSaid = {
    'content-security-policy': contentPolicy(),
    'x-frame-options': 'DENY',
    'cache-control': 'no-store',
  } as const;
  return (c, next) =>
    headers(c, async () => {
      await next();
      for (const [name, value] of Object.entries(unlessSaid)) {
        if (!c.res.headers.has(name)) c.header(name, value);
      }
    });
}
