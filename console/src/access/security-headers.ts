import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { AccessConfig } from './access-config.ts';

const SELF = ["'self'"];
const NONE = ["'none'"];

/**
 * What browsers may do with our answers: scripts, styles, images and connections of this site alone, nothing inline, no frame
 * around it, and nothing kept unless the answer says so itself. TLS is demanded wherever it is spoken.
 */
export function securityHeaders({ secure }: Pick<AccessConfig, 'secure'>): MiddlewareHandler {
  const headers = secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: NONE,
      scriptSrc: SELF,
      styleSrc: SELF,
      imgSrc: SELF,
      connectSrc: SELF,
      formAction: SELF,
      baseUri: NONE,
      frameAncestors: NONE,
    },
    permissionsPolicy: { camera: [], microphone: [], geolocation: [], payment: [], usb: [] },
    referrerPolicy: 'same-origin',
    strictTransportSecurity: secure ? 'max-age=31536000' : false,
    xFrameOptions: 'DENY',
  });
  return (c, next) =>
    headers(c, async () => {
      await next();
      if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
    });
}
