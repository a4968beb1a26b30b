import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import type { AccessConfig } from './access-config.ts';
import { clientAddress } from './client-address.ts';
import { isSameOrigin } from './csrf.ts';

/** Whether a request changes nothing. */
export function isReading(c: Context): boolean {
  return c.req.method === 'GET' || c.req.method === 'HEAD';
}

/** Whether a page of this console made the request. */
export function isFromHere(c: Context, config: AccessConfig): boolean {
  const [origin, site] = [c.req.header('origin'), c.req.header('sec-fetch-site')];
  const [host, forwardedHost] = [c.req.header('host'), c.req.header('x-forwarded-host')];
  return isSameOrigin({ origin, site, host, forwardedHost }, config);
}

/** Whom to count a request for while nobody is signed in. */
export function addressOf(c: Context, { behindProxy }: AccessConfig): string {
  return clientAddress({
    socketAddress: socketAddress(c),
    forwardedFor: c.req.header('x-forwarded-for'),
    appHostingClient: c.req.header('x-fah-client-ip'),
    behindProxy,
  });
}

/** A request that came over no connection, as in tests, has no address. */
function socketAddress(c: Context): string | undefined {
  try {
    return getConnInfo(c).remote.address;
  } catch {
    return undefined;
  }
}
